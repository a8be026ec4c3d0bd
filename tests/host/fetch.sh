#!/bin/sh
# data/fetch against files that stand in for the archive and its server: curl takes file: addresses,
# resumes them too, and a `curl` of our own in PATH stands for what servers get wrong.
#
#   fetch.sh SOURCE_DIR
set -u
source=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failed=0
wrong() {
  echo "FAILED $*"
  failed=1
}
command -v curl >/dev/null || {
  echo 'SKIPPED: curl is not installed'
  exit 77
}
export XDG_CACHE_HOME="$work/cache"
file=cache/synlab/notMNIST_small.tar.gz

# The script itself, with another address, size and digest.
head -c 100000 /dev/urandom >whole
point_to() {
  sed -e "s|^url=.*|url=$1|" -e 's|^size=.*|size=100000|' \
    -e "s|^sha256=.*|sha256=$(sha256sum <whole | cut -d ' ' -f 1)|" "$source/data/fetch" >fetch
  rm -rf cache
  mkdir -p cache/synlab
}
gets_it() {
  sh ./fetch >stdout 2>stderr || wrong "$1: exit status $?: $(cat stderr)"
  cmp -s whole $file || wrong "$1: the archive in the cache is not the whole one"
  [ "$(cat stdout)" = "$work/$file" ] || wrong "$1: prints '$(cat stdout)'"
  [ "$(ls cache/synlab)" = notMNIST_small.tar.gz ] || wrong "$1: leaves $(ls cache/synlab)"
}
refuses() { # NAME WORDS
  sh ./fetch >stdout 2>stderr && wrong "$1: exit status 0"
  [ "$(grep -vc '^fetching ' stderr)" = 1 ] || wrong "$1: not one line: $(cat stderr)"
  grep -q "$2" stderr || wrong "$1: does not say '$2': $(cat stderr)"
  [ -s stdout ] && wrong "$1: prints '$(cat stdout)'"
  [ -e $file ] && wrong "$1: something bears the archive's name"
}

# ---- whole, again, cut off
point_to "file://$work/whole"
gets_it 'a whole transfer'
mv whole away
sh ./fetch >stdout 2>stderr || wrong 'what is in the cache is fetched again'
mv away whole
point_to "file://$work/whole"
head -c 40000 whole >$file.part
gets_it 'a cut transfer'
point_to "file://$work/whole"
cp whole $file.part
gets_it 'all of it, and then interrupted'

# ---- a part that is of no use
point_to "file://$work/whole"
head -c 40000 /dev/zero >$file.part
gets_it 'a part of something else'
point_to "file://$work/whole"
head -c 200000 /dev/zero >$file.part
gets_it 'more than all of it'

# ---- resumed, and not all over again: only the missing bytes are asked for
mkdir bin
real=$(command -v curl)
printf '#!/bin/sh\nfor last; do :; done\nwc -c <"%s" >>asked\nexec %s "$@"\n' "$file.part" "$real" >bin/curl
chmod +x bin/curl
point_to "file://$work/whole"
head -c 40000 whole >$file.part
PATH="$work/bin:$PATH" gets_it 'a cut transfer, watched'
[ "$(cat asked)" = 40000 ] || wrong "curl begins at $(cat asked), not once at 40000"

# ---- a server that does not resume: curl's status 33
printf '#!/bin/sh\n[ -s "%s" ] && { echo "curl: (33) no ranges" >&2; exit 33; }\nexec %s "$@"\n' \
  "$file.part" "$real" >bin/curl
point_to "file://$work/whole"
head -c 40000 whole >$file.part
PATH="$work/bin:$PATH" gets_it 'a server without ranges'

# ---- not the archive
head -c 100000 /dev/urandom >other
point_to "file://$work/other"
refuses 'another digest' 'not the published archive'
[ -e $file.part ] && wrong 'another digest: what came is kept'
head -c 5000 whole >short
point_to "file://$work/short"
refuses 'another size' 'not the published archive'

# ---- nothing to be had
point_to "file://$work/nowhere"
refuses 'nothing there' 'DATA='
point_to http://127.0.0.1:9/notMNIST_small.tar.gz
head -c 40000 whole >$file.part
http_proxy='' refuses 'no server' 'DATA='
cmp -s -n 40000 whole $file.part || wrong 'no server: the part at hand is lost'
exit $failed

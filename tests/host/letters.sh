#!/bin/sh
# The built-in letters as they are committed; and, where FreeType and a font package are at hand,
# some faces rendered afresh.
#
#   letters.sh SYNLAB RENDERER|"" SOURCE_DIR
set -u
synlab=$1 renderer=$2 source=$3
faces=$source/data/letters/faces.txt
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failed=0
wrong() {
  echo "FAILED $*"
  failed=1
}

# ---- the committed set
"$synlab" data verify letters >verify || wrong 'synlab data verify letters'
"$synlab" data info letters >info || wrong 'synlab data info letters'
digest=$(sed -n 's/^digest  *//p' info)
[ "$digest" = "$(cat "$source/data/letters/digest")" ] || wrong "digest is $digest"
[ "$(grep -c '^  [A-J] ' info)" = 10 ] || wrong 'there are not the ten classes A to J'
awk '/^  [A-J] / && $2 < 800 { print "class " $1 " has " $2; bad = 1 } END { exit bad }' info ||
  wrong 'fewer than 800 images in a class'
images=$(sed -n 's/^images  *\([0-9]*\) .*/\1/p' info)
[ "$images" = "$(sed -n 's/^distinct  *//p' info)" ] || wrong 'images repeat'
[ $((images * 3 / 4)) -ge 5500 ] || wrong 'fewer than 5,500 images train'
[ "$(wc -c <"$source/data/letters.tar.xz")" -le $((6 << 20)) ] || wrong 'it takes more than 6 MiB'

# ---- every image has its face, with package and licence
awk -F '\t' '!/^#/ && ($2 == "" || $3 == "" || $6 == "") { print; bad = 1 } END { exit bad }' \
  "$faces" || wrong 'a face without package, file or licence'
cmake -E tar tf "$source/data/letters.tar.xz" | sed -n 's/.*\/\([0-9]*\)\.png$/\1/p' | sort -u >used
grep -v '^#' "$faces" | cut -f 1 | sort -u >listed
comm -23 used listed | grep . && wrong 'images of faces that are not listed'
cut -f 2 "$faces" | grep -v '^#\|^package' | sort -u >in_faces
cut -f 1 "$source/data/letters/packages.txt" | grep -v '^#' | sort -u >packages
comm -23 in_faces packages | grep . && wrong 'faces of packages that are not listed'

# ---- some of it afresh: the faces of the packages that are installed here
awk -F '\t' '/^#/ || (system("test -f \"/usr/share/fonts/" $3 "\"") == 0 && n++ < 40)' "$faces" >some
count=$(grep -vc '^#' some)
if [ -z "$renderer" ] || [ "$count" -eq 0 ]; then
  echo "SKIPPED rendering: it wants libfreetype-dev and a package of data/letters/packages.txt"
else
  "$renderer" render some fresh.tar.xz >/dev/null || wrong 'letters render'
  mkdir fresh kept
  (cd fresh && cmake -E tar xf ../fresh.tar.xz)
  (cd fresh && find . -name '*.png') | sort >names
  (cd kept && cmake -E tar xf "$source/data/letters.tar.xz")
  (cd kept && find . -name '*.png') | sort >all
  # an image that repeats one of an earlier face stands only in the smaller set
  comm -12 names all >both
  [ "$(wc -l <both)" -ge $((count * 9)) ] || wrong "only $(wc -l <both) images of $count faces"
  while read -r name; do
    cmp -s "fresh/$name" "kept/$name" || wrong "$name is rendered differently"
  done <both
  echo "$count faces rendered afresh, $(wc -l <both) images compared"
fi
exit $failed

# What the tests in sh share: a folder of their own, expectations that are counted, the end.
#
#   . "$(dirname "$0")/../lib.sh"
#
# Sourced first: the test goes on in $work, an empty folder, which goes when the test ends. `finish` is
# its last line.
set -u
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
passed=0 failed=0

pass() { passed=$((passed + 1)); }

# wrong WORDS...: an expectation that is not met, with how the last outputs begin
wrong() {
  echo "FAILED $*"
  failed=$((failed + 1))
  head -qn 5 "$work/stdout" "$work/stderr" 2>/dev/null | sed 's/^/    /'
}

# answer: where `check` looks for its pattern. A test that wants it in fewer places has its own.
answer() { cat "$work/stdout" "$work/stderr"; }

# check NAME STATUS PATTERN COMMAND...: its exit status, and a line of its answer that matches the
# pattern, if that is not empty
check() {
  name=$1 want=$2 pattern=$3
  shift 3
  "$@" >"$work/stdout" 2>"$work/stderr"
  got=$?
  if [ $got = "$want" ] && { [ -z "$pattern" ] || answer | grep -q -- "$pattern"; }; then pass; else
    wrong "$name: exit status $got, expected $want and /$pattern/"
  fi
}

# expect NAME COMMAND...: it is true
expect() {
  name=$1
  shift
  if "$@"; then pass; else wrong "$name"; fi
}

# says PATTERN [FILE]: a line of the file, or of the last stderr, matches
says() {
  grep -q -- "$1" "${2:-$work/stderr}" || {
    echo "    no /$1/ in ${2:-stderr}"
    return 1
  }
}

# preloaded LIBRARY PROGRAM: what LD_PRELOAD has to be for it; the sanitizers want to be loaded before everything else
preloaded() { echo "$(ldd "$2" | sed -n 's/.*lib[at]san.* => \([^ ]*\).*/\1/p') $1"; }

# finish: how it went, in a line and as the exit status
finish() {
  [ $((passed + failed)) = 0 ] || echo "$passed passed, $failed failed"
  exit $((failed > 0))
}

# skip REASON: nothing of the test can be done here
skip() {
  echo "SKIPPED: $*"
  exit 77
}

children() { cat "/proc/$1/task/$1/children" 2>/dev/null; }

# failed_runs TITLE: how many stderr tells of
failed_runs() {
  sed -n "s/^synlab: $1: run .* failed: .*/1/p; s/^synlab: $1: \([0-9]*\) of [0-9]* runs failed, first .*/\1/p" stderr |
    awk '{ n += $1 } END { print n + 0 }'
}
# n_records STORE: lines in its packs
n_records() { cat "$1"/runs/*.jsonl 2>/dev/null | wc -l; }

# n_packs STORE
n_packs() { ls "$1"/runs | grep -c 'jsonl$'; }

# records STORE: a line a run, "KEY RECORD", in the order of keys, read by $synlab: the record without the
# time that it took, which is no result
records() {
  rm -rf "$work/.joined"
  "$synlab" merge "$1" --out "$work/.joined" >/dev/null 2>&1
  cat "$work"/.joined/runs/*.jsonl |
    sed 's/^{"key":"\([0-9a-f]*\)","record":\(.*\),"seconds":[0-9.]*,"sha256":"[0-9a-f]*"}$/\1 \2/'
}

# same_records STORE STORE: byte for byte
same_records() {
  records "$1" >"$work/.one"
  records "$2" >"$work/.two"
  [ -s "$work/.one" ] && cmp "$work/.one" "$work/.two"
}

# as_before STORE FOLDER: its records as a version before packs kept them, a file each
as_before() {
  mkdir -p "$2/runs" "$2/times"
  records "$1" | while read -r key record; do
    printf '{"record":%s,"sha256":"%s"}' "$record" "$(printf %s "$record" | sha256sum | cut -d' ' -f1)" \
      >"$2/runs/$key.json"
    echo 1.500000 >"$2/times/$key"
  done
}

# two_classes FOLDER: a set of images, four black ones in A and four white ones in B, of 28x28
two_classes() {
  mkdir -p "$1/A" "$1/B"
  for i in 1 2 3 4; do
    echo iVBORw0KGgoAAAANSUhEUgAAABwAAAAcCAAAAABXZoBIAAAAEElEQVR42mNgGAWjYBQQAwADLAAB1wvpfAAAAABJRU5ErkJggg== |
      base64 -d >"$1/A/$i.png"
    echo iVBORw0KGgoAAAANSUhEUgAAABwAAAAcCAAAAABXZoBIAAAAFElEQVR42mP4jwcwjEqOSo5KwgAA0FYNHp/Mo7cAAAAASUVORK5CYII= |
      base64 -d >"$1/B/$i.png"
  done
}

#!/bin/sh
# One call of the system fails, each in turn: every write, fsync, fdatasync, rename, ftruncate and making of
# a file, of a sweep in a store with a torn pack, of its page, and of a prune. It ends, with a line if something of it
# is not there; what it has finished is kept; the same again ends with the bytes of one without a fault.
#
#   faulty.sh SYNLAB FAIL_AT_LIBRARY
. "$(dirname "$0")/../lib.sh"
synlab=$1
library=$(preloaded "$2" "$synlab")

cat >sweep.lua <<'LUA'
local specs = {}
for seed = 1, 4 do
  specs[seed] = { task = "boundary", method = "synaptic", points = 20, iterations = 20, curve_every = 10,
    seed = seed, policy = { name = "qtable" } }
end
local lab = require "experiment"
return lab.chapter { id = "sweep", title = "sweep", runs = specs,
  function(results) return #results .. " runs." end }
LUA
sweep() { "$synlab" run sweep.lua --checkpoint 0 --jobs 2 --out "$@" 2>stderr; }
# whole STORE: how many lines of its packs have their digest
whole() {
  for pack in "$1"/runs/*.jsonl; do
    [ ! -e "$pack" ] || sed 's/,"sha256":"\([0-9a-f]*\)"}$/ \1/' "$pack" | while read -r line digest; do
      [ "$(printf %s "$line" | sha256sum | cut -d' ' -f1)" = "$digest" ] && printf '%s\n' "$line"
    done
  done | sed 's/^{"key":"\([0-9a-f]*\)".*/\1/' | sort -u | wc -l
}
sweep ref || { cat stderr; exit 1; }
# one record in a pack that is to be gone on with, and half of another
"$synlab" merge ref --out one >/dev/null
pack=$(ls one/runs | grep 'jsonl$')
sed -i '3,$d' "one/runs/$pack"
truncate -s -300 "one/runs/$pack"
expect 'a store to begin with' [ "$(whole one)" = 1 ]

page() { sed 's/ · [^·]* of computing$//' "$1/sweep.md"; } # which differs in time
same_page() { page ref >one.md && page out >two.md && diff one.md two.md; }
faults=0
for call in write fsync fdatasync rename ftruncate open; do
  number=1
  while :; do
    rm -rf out mark && cp -r one out
    FAIL_AT=$call:$number FAIL_MARK=mark LD_PRELOAD=$library "$synlab" run sweep.lua --checkpoint 0 \
      --jobs 2 --out out >stdout 2>stderr
    status=$?
    [ -e mark ] || break
    faults=$((faults + 1))
    kept=$(whole out)
    case $status in
    0) [ "$kept" = 4 ] || wrong "$call $number: status 0, and $kept of 4 records" ;;
    1) grep -q '^synlab: ' stderr || wrong "$call $number: status 1, and not a word" ;;
    *) wrong "$call $number: status $status" ;;
    esac
    # of those that are told to have failed some may be there, as where only a sync has failed
    failed_runs=$(failed_runs sweep)
    [ $((kept + failed_runs)) -ge 4 ] || wrong "$call $number: $kept records, $failed_runs failed, of 4"
    sweep out || wrong "$call $number: does not go on"
    said=$(sed -n 's/^sweep: 4 runs, \([0-9]*\) of them kept.*/\1/p' stderr)
    [ "${said:-0}" = "$kept" ] || wrong "$call $number: of $kept records ${said:-0} are kept"
    expect "$call $number: byte for byte" same_records ref out
    expect "$call $number: the page" same_page
    "$synlab" verify out --run 1 >stdout 2>stderr || wrong "$call $number: not as written"
    expect "$call $number: nothing is left over" [ -z "$(find out -name '*.tmp')" ]
    number=$((number + 1))
  done
done
# `synlab store prune` of a store with stale lines in two packs, and files of before
mkdir -p stale && as_before ref stale && cp "ref/runs/$(ls ref/runs | grep 'jsonl$' | head -1)" stale/runs/a.jsonl
{ cat stale/runs/a.jsonl stale/runs/a.jsonl && echo 'no record'; } >stale/runs/b.jsonl
first_faults=$faults
for call in write fsync rename open; do
  number=1
  while :; do
    rm -rf out mark && cp -r stale out
    FAIL_AT=$call:$number FAIL_MARK=mark LD_PRELOAD=$library "$synlab" store prune out --yes \
      >stdout 2>stderr
    status=$?
    [ -e mark ] || break
    faults=$((faults + 1))
    [ $status = 0 ] || { [ $status = 1 ] && grep -q '^synlab: ' stderr; } ||
      wrong "prune, $call $number: status $status, or not a word"
    expect "prune, $call $number: all records" same_records ref out
    "$synlab" store prune out --yes >stdout 2>stderr || wrong "prune, $call $number: does not go on"
    expect "prune, $call $number: each once" \
      [ $(($(n_records out) + $(ls out/runs | grep -c 'json$'))) = 4 ]
    expect "prune, $call $number: nothing is left over" [ -z "$(find out -name '*.tmp')" ]
    expect "prune, $call $number: all records then" same_records ref out
    number=$((number + 1))
  done
done
expect 'calls of prune have failed' [ $((faults - first_faults)) -ge 4 ]
expect 'calls have failed' [ "$faults" -gt 20 ]
# a disk that is full and stays full: a line for each reason, of runs and of files
rm -rf out
FAIL_AT=write:1+ LD_PRELOAD=$library "$synlab" run sweep.lua --jobs 2 --out out >stdout 2>stderr
expect 'a full disk: exit status 1' [ $? = 1 ]
expect 'a full disk: no record' [ "$(whole out)" = 0 ]
expect 'a full disk: each run is told' [ "$(failed_runs sweep)" = 4 ]
expect 'a full disk: in few lines' [ "$(grep -c '^synlab: ' stderr)" = 3 ] # the manifest is the third
grep -q '^synlab: sweep: 4 of 4 runs failed, first run 1 of 4 (seed 1): .*No space left' stderr ||
  wrong "a full disk, runs: $(cat stderr)"
grep -q '^synlab: out/.*: No space left on device; nor can [0-9]* more files of the page$' stderr ||
  wrong "a full disk, files: $(cat stderr)"
sweep out || wrong 'a full disk: does not go on'
expect 'a full disk: byte for byte' same_records ref out
echo "$faults calls failed"
finish

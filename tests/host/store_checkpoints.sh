#!/bin/sh
# Checkpoints of a store, which are no records: list names them, prune takes away those that nobody goes on from,
# merge takes those along that are further than what is there; the run then ends with the same bits.
#
#   store_checkpoints.sh SYNLAB WAIT_AT.so
. "$(dirname "$0")/../lib.sh"
synlab=$1
wait_at=$(preloaded "$2" "$synlab")

cat >long.lua <<'LUA'
local specs = {}
for seed = 1, 2 do
  specs[seed] = { task = "boundary", method = "synaptic", points = 200, iterations = 60000, curve_every = 100,
    seed = seed, policy = { name = "explore", epsilon = 0.25, inner = { name = "qtable" } } }
end
require "synlab".run(specs, { title = "long" })
LUA
"$synlab" run long.lua --out ref 2>stderr || { cat stderr; exit 1; }
set -- $(records ref | cut -d' ' -f1)
one=$1 other=$2
done_of() { "$synlab" store list "$1" 2>&1 | sed -n "s/^$(echo "$2" | cut -c1-12) has a checkpoint and no record: \([0-9]*\) iterations.*/\1/p"; }
# further STORE N: both runs have a checkpoint, and the one's is beyond so many iterations
further() {
  [ -e "$1/runs/$one.checkpoint" -a -e "$1/runs/$other.checkpoint" ] && done=$(done_of "$1" "$one") && [ "${done:-0}" -gt "$2" ]
}
# cut_short STORE N: stopped in the midst of both runs, where they are further than that
cut_short() {
  setsid "$synlab" run long.lua --out "$1" --checkpoint 0 --jobs 2 >/dev/null 2>&1 &
  program=$!
  until further "$1" "$2" || ! kill -0 $program 2>/dev/null; do sleep 0.01; done
  kill -TERM $program 2>/dev/null
  wait $program 2>/dev/null
  further "$1" "$2" && [ "$(n_records "$1")" = 0 ]
}
# a machine may look away until one of them has ended: then once more, from FROM or from nothing
again() {
  for try in $(seq 50); do
    rm -rf "$1"
    [ -z "${3:-}" ] || cp -r "$3" "$1"
    cut_short "$1" "$2" && return
  done
  wrong "$1: no two checkpoints"
}
again early 0

# ---- list
check 'list' 0 "^$(echo "$one" | cut -c1-12) has a checkpoint and no record: [0-9]* iterations*, [0-9]* s$" \
  "$synlab" store list early
expect 'list: how many' says '^2 runs with a checkpoint and no record\.$'
expect 'list: iterations' [ "$(done_of early "$one")" -gt 0 ]
"$synlab" plan long.lua --out early >/dev/null 2>&1
check 'list: of which plan' 0 "$(echo "$other" | cut -c1-12) has .* s; in plan/long-[0-9a-f]*.jsonl$" "$synlab" store list early
check 'list: of runs with a record it says nothing' 0 '^2 runs' "$synlab" store list ref
expect 'list: not a word' [ "$(grep -c checkpoint stderr)" = 0 ]

# ---- merge
again late "$(done_of early "$one")" early
check 'merge: into a store that has neither' 0 '0 records, 0 copied, .*; 2 checkpoints of unfinished runs$' \
  "$synlab" merge early --out new
expect 'merge: as it was' cmp "early/runs/$one.checkpoint" "new/runs/$one.checkpoint"
check 'merge: the same again' 0 '0 damaged$' "$synlab" merge early --out new
expect 'merge: what is further' [ "$(done_of late "$one")" -gt "$(done_of new "$one")" ]
check 'merge: takes the place of what is not' 0 '; [12] checkpoints* of' "$synlab" merge late --out new
expect 'merge: it is there' cmp "late/runs/$one.checkpoint" "new/runs/$one.checkpoint"
check 'merge: and stays' 0 '0 damaged$' "$synlab" merge early --out new
expect 'merge: it is still there' cmp "late/runs/$one.checkpoint" "new/runs/$one.checkpoint"
cp -r ref finished
check 'merge: not where the record is' 0 '0 damaged$' "$synlab" merge early --out finished
expect 'merge: none is there' [ -z "$(ls finished/runs | grep checkpoint)" ]
cp -r early damaged && truncate -s -1 "damaged/runs/$one.checkpoint"
check 'merge: a damaged one' 1 ' 1 damaged; 1 checkpoint of unfinished runs$' "$synlab" merge damaged --out some
expect 'merge: a damaged one is told' says "damaged/runs/$one.checkpoint: this checkpoint is damaged; it is left out"
check 'merge: a whole one takes its place' 0 '; 1 checkpoint of unfinished runs$' "$synlab" merge early --out damaged
flock_byte() { python3 - "$1" "$2" <<'PY'
import fcntl, struct, sys, os, time
fd = os.open(sys.argv[1] + "/runs/claims", os.O_RDWR | os.O_CREAT)
fcntl.fcntl(fd, 37, struct.pack("hhqqhi", fcntl.F_WRLCK, 0, int(sys.argv[2][:15], 16), 1, 0, 0))
open("claimed", "w").close()
while os.path.exists("claimed"): time.sleep(0.01)
PY
}
if command -v python3 >/dev/null; then
  mkdir -p busy/runs && flock_byte busy "$one" &
  until [ -e claimed ]; do sleep 0.01; done
  check 'merge: not of a run that is computed there' 0 '; 1 checkpoint of' "$synlab" merge early --out busy
  expect 'merge: it is left to that' [ ! -e "busy/runs/$one.checkpoint" ]
  expect 'merge: which is told' says "busy/runs/$one.checkpoint: this run is being computed there; "
  rm claimed
  wait
fi
# a run that gets as far as its record between merge's look and its claim
cp -r early overtaken
LD_PRELOAD=$wait_at WAIT_MARK=waiting "$synlab" merge late --out overtaken >merged 2>&1 &
merging=$!
until [ -e waiting ] || ! kill -0 $merging 2>/dev/null; do sleep 0.01; done
"$synlab" run long.lua --out overtaken >/dev/null 2>&1
rm waiting
wait $merging
expect 'merge: nothing is put over what came in between' [ -z "$(ls overtaken/runs | grep checkpoint)" ]
mkdir -p "blocked/runs/$one.checkpoint"
check 'merge: where ours cannot be read' 1 ' 1 damaged; 1 checkpoint of' "$synlab" merge early --out blocked
expect 'merge: it is named' says "blocked/runs/$one.checkpoint: .*; it is left out"
check 'the runs go on' 0 '^long: 2 runs' "$synlab" run long.lua --out new
expect 'byte for byte' same_records ref new
expect 'and nothing of them is left' [ -z "$(ls new/runs | grep checkpoint)" ]

# ---- prune
check 'prune: what can be gone on from stays' 0 'nothing is stale' "$synlab" store prune early
printf x >"early/runs/$one.checkpoint"
check 'prune: what cannot' 0 '^ *1  *1 bytes  checkpoints that no run goes on from' "$synlab" store prune early
cp "early/runs/$other.checkpoint" "early/runs/$one.checkpoint"
check 'prune: of another run' 0 '1 removed' "$synlab" store prune early --yes
expect 'prune: the other stays' [ "$(ls early/runs | grep 'checkpoint$')" = "$other.checkpoint" ]
# of another version: the state's first number, and the digest of all that follows it
state=$((64 + 64 + 8))
file=early/runs/$other.checkpoint
{ head -c $state "$file" | tail -c +65 && printf '\001' && tail -c +$((state + 2)) "$file"; } >rest
{ sha256sum <rest | cut -c1-64 | tr -d '\n' && cat rest; } >"$file"
check 'list: of another version' 0 "$other.checkpoint: this checkpoint is of another version of the program" \
  "$synlab" store list early
check 'prune: of another version' 0 '1 removed' "$synlab" store prune early --yes
check 'prune: nothing is left' 0 'nothing is stale' "$synlab" store prune early
finish

#!/bin/sh
# The run store: a sweep that is killed at any moment, again and again, ends with the bytes of one
# that was left alone; two processes on one store compute each run once; damaged files are named.
#
#   store.sh SYNLAB [KILLS]     (9)
. "$(dirname "$0")/../lib.sh"
synlab=$1 kills=${2:-9}

same() { same_records ref "$1" >difference 2>&1 || { head -c 600 difference; return 1; }; }
alive() { grep -q '^State:.[^ZX]' "/proc/$1/status" 2>/dev/null; }
# gone PID...: waits until they are; false if one goes on for ten minutes
gone() {
  for id in "$@"; do
    looks=0
    while alive "$id"; do
      looks=$((looks + 1))
      [ $looks -lt 12000 ] || return 1
      sleep 0.05
    done
  done
}
there() { for file in "$@"; do [ -e "$file" ] || return 1; done; }
# under_way PID FILE...: waits until all these files are there, or the process has ended
under_way() {
  id=$1
  shift
  until there "$@" || ! alive "$id"; do sleep 0.01; done
}
sweep() { # sweep STORE [option...]
  store=$1
  shift
  "$synlab" run sweep.lua --out "$store" --checkpoint 0 --jobs 2 "$@"
}

cat >sweep.lua <<'LUA'
local specs = {}
for seed = 1, 5 do
  specs[#specs + 1] = { task = "boundary", method = "synaptic", points = 50, iterations = 3000,
    curve_every = 50, trace = 1, seed = seed, policy = { name = "explore", epsilon = 0.25,
    inner = { name = "qtable", average_after = 100 } } }
end
specs[#specs + 1] = { task = "boundary", method = "descent", points = 50, iterations = 6000,
  curve_every = 50, seed = 1 }
require "synlab".run(specs, { title = "sweep" })
LUA
sweep ref 2>stderr || { cat stderr; exit 1; }
expect 'six records' [ "$(n_records ref)" = 6 ]
expect 'in no more packs than jobs, and nothing else but the claims' \
  [ "$(n_packs ref)" -le 2 -a "$(ls ref/runs | grep -v 'jsonl$')" = claims ]
set -- $(records ref | cut -d' ' -f1)
first=$1 second=$2

# ---- killed at moments that look random, three ways in turn; at first as soon as a checkpoint stands
moment=7 kept=0
for round in $(seq "$kills"); do
  moment=$((moment * 37 % 101)) # 1 to 100
  setsid "$synlab" run sweep.lua --out killed --checkpoint 0 --jobs 2 >/dev/null 2>&1 &
  program=$!
  until [ -n "$(ls killed/runs 2>/dev/null | grep 'checkpoint$')" ] || ! alive $program; do
    sleep 0.01
  done
  [ $round = 1 ] || sleep "0.$(printf '%02d' $((moment / 4)))"
  workers=$(children $program)
  case $((round % 3)) in
  0) kill -KILL "$program" 2>/dev/null ;;
  1) kill -KILL "-$program" 2>/dev/null ;;
  2) kill -KILL ${workers%% *} "$program" 2>/dev/null ;;
  esac
  wait "$program" 2>/dev/null
  gone $workers || wrong "round $round: a worker goes on without its scheduler"
  kept=$((kept + $(ls killed/runs 2>/dev/null | grep -c 'checkpoint$')))
done
expect 'runs were cut in their midst' [ "$kept" -gt 0 ]
expect 'killed: no more packs than jobs' [ "$(n_packs killed)" -le 2 ]
touch "killed/runs/$first.checkpoint.synlab-99999-0.tmp"
sweep killed 2>stderr
expect 'killed: ends' says 'sweep: 6 runs'
expect 'killed: byte for byte' same killed

# ---- two processes
sweep both 2>first &
one=$!
sweep both 2>second
wait "$one"
computed() { sed -n 's/^sweep: \([0-9]*\) runs, \([0-9]*\) of them kept.*/\1 \2/p; t
  s/^sweep: \([0-9]*\) runs,.*/\1 0/p' "$1" | { read -r all before; echo $((all - before)); }; }
expect 'two processes: each run once' [ $(($(computed first) + $(computed second))) = 6 ]
expect 'two processes: byte for byte' same both
# What both still want is left to the one that has it; when that one dies, its run is taken over.
"$synlab" run sweep.lua --out over --checkpoint 0 --jobs 6 2>/dev/null &
one=$!
sleep 0.2
sweep over 2>stderr &
two=$!
sleep 0.1
kill -KILL "$one"
wait "$one" 2>/dev/null
expect 'a dead process: the other ends' wait "$two"
expect 'a dead process: byte for byte' same over

# ---- thousands of short runs: a worker takes many, and one that dies costs the run that it was at
cat >short.lua <<'LUA'
local specs = {}
for seed = 1, 3000 do
  specs[seed] = { task = "boundary", method = "synaptic", points = 8, iterations = 1, net = { 2, 3, 1 },
    seed = seed, policy = { name = "random" } }
end
require "synlab".run(specs, { title = "short" })
LUA
"$synlab" run short.lua --out short --jobs 3 2>stderr
expect 'short runs: ended' [ $? = 0 ]
expect 'short runs: each once' [ "$(n_records short)" = 3000 ]
expect 'short runs: in a pack for each job' [ "$(n_packs short)" -le 3 ]
"$synlab" run short.lua --out deaths --jobs 3 2>stderr &
program=$!
killed=0
while alive $program && [ $killed -lt 8 ]; do # not to the end: a leak checker has a child there, too
  for worker in $(children $program); do
    kill -KILL "$worker" 2>/dev/null && killed=$((killed + 1))
    break
  done
  sleep 0.05
done
wait $program
expect 'short runs: workers were killed' [ "$killed" -gt 0 ]
lost=$(failed_runs short)
expect 'short runs: a dead worker is one failed run at most' [ "$lost" -le "$killed" ]
expect 'short runs: and nothing else' \
  [ "$(grep -c '^synlab: ' stderr)" = "$(grep -c 'killed by signal 9\|runs* failed$' stderr)" ]
expect 'short runs: the others are there' [ $(($(n_records deaths) + lost)) -ge 3000 ]
"$synlab" run short.lua --out deaths --jobs 3 2>stderr
expect 'short runs: then all are' same_records short deaths
# several programs, killed together and one by one, again and again
for round in 1 2 3 4 5 6; do
  "$synlab" run short.lua --out many --jobs 2 2>/dev/null &
  one=$!
  "$synlab" run short.lua --out many --jobs 2 2>/dev/null &
  two=$!
  sleep 0.$round
  kill -KILL $one $([ $((round % 2)) = 0 ] && echo $two) 2>/dev/null
  wait $one $two 2>/dev/null
done
"$synlab" run short.lua --out many --jobs 2 2>first &
one=$!
"$synlab" run short.lua --out many --jobs 2 2>second
expect 'several programs: the second ends' [ $? = 0 ]
wait $one
expect 'several programs: the first ends' [ $? = 0 ]
expect 'several programs: each run once' [ "$(n_records many)" = 3000 ]
expect 'several programs: no more packs than jobs' [ "$(n_packs many)" -le 4 ]
expect 'several programs: byte for byte' same_records short many

# ---- damaged and foreign files
# of a version before, with a file a run
as_before ref cut
set -- cut/runs/*.json
head -c 500 "$1" >half && mv half "$1"
sed -i 's/"rewards_up":/"rewards_up":1/' "$2"
cp "$4" "$3"
sweep cut 2>stderr
for file in "$1" "$2" "$3"; do expect 'a damaged record is named' says "$file: this record is damaged"; done
expect 'three are computed again' says '6 runs, 3 of them kept'
expect 'damaged: byte for byte' same cut
sweep cut 2>stderr
expect 'and are not named again' says '^sweep: 6 runs, 6 of them kept'
expect 'not a word' [ "$(wc -l <stderr)" = 1 ]

# of a pack, in which they stand in the order of their keys
"$synlab" merge ref --out one >/dev/null
pack=$(ls one/runs | grep 'jsonl$')
damage() { # damage NAME EXPRESSION SAID: that is done to the pack, and this is said of it
  rm -rf cut && cp -r one cut
  sed -i "$2" "cut/runs/$pack"
  cmp -s "cut/runs/$pack" "one/runs/$pack" && wrong "$1: nothing is damaged"
  sweep cut 2>stderr
  expect "$1: named" says "^synlab: cut/runs/$pack:$3"
  expect "$1: it alone is computed again" says '6 runs, [456] of them kept'
  expect "$1: byte for byte" same cut
  sweep cut 2>stderr
  expect "$1: then all are there" says '6 runs, 6 of them kept'
}
damage 'a record' '2s/"rewards_up":/"rewards_up":1/' '2: this record is damaged; it is computed again'
damage 'a time' '3s/"seconds":/"seconds":1/' '3: this record is damaged'
damage 'a digest' '1s/"sha256":"./"sha256":"x/' '1: this record is damaged'
damage 'a key' '1s/"key":"./"key":"x/' '1: this line is no record'
damage 'the key of another' "1s/$first/$second/" '1: this line is no record'
damage 'half a line' '4s/^.\{300\}//' '4: this line is no record'
damage 'a line end' '2{N;s/\n/ /}' '2: this record is damaged'
damage 'a new line end' '5s/.\{700\}/&\n/' '5: this line is no record'
damage 'an empty line' '3s/^/\n/' '3: this line is no record' # and nothing is computed again
rm -rf cut && cp -r one cut
sed -n 5p "one/runs/$pack" >>"cut/runs/$pack"
sed -i '5s/"status":"ended"/"status":"ENDED"/' "cut/runs/$pack"
sweep cut 2>stderr
expect 'a damaged line and a whole one of the same key: that one counts' \
  [ "$(grep -c 'is damaged' stderr)" = 0 ]

# ---- what is not finished is no record, and is cut off by who writes next
torn() { # torn NAME BYTES: of the last line of a pack only so many
  rm -rf cut && cp -r one cut
  size=$(wc -c <"one/runs/$pack") last=$(tail -n 1 "one/runs/$pack" | wc -c)
  truncate -s $((size - last + $2)) "cut/runs/$pack"
  sweep cut 2>stderr
  expect "torn, $1: not a word, it is computed again" [ "$(cat stderr | sed '/ running, /d; s/, [0-9hms ]*$//')" = 'sweep: 6 runs, 5 of them kept from before' ]
  expect "torn, $1: byte for byte" same cut
  expect "torn, $1: the pack was gone on with" [ "$(n_packs cut) $(n_records cut)" = '1 6' ]
}
torn 'a byte' 1
torn 'half' 700
torn 'all but the line end' $(($(tail -n 1 "one/runs/$pack" | wc -c) - 1))
# a pack of another machine, or of this one before it was started again, is read and never written
rm -rf cut && cp -r one cut && mv "cut/runs/$pack" cut/runs/0123456789ab-1.jsonl
truncate -s -1 cut/runs/0123456789ab-1.jsonl
cp cut/runs/0123456789ab-1.jsonl other
sweep cut 2>stderr
expect "another machine's: read" says '6 runs, 5 of them kept'
expect "another machine's: not written" cmp other cut/runs/0123456789ab-1.jsonl
# one that is held by a living process is left to it
rm -rf cut && cp -r one cut
truncate -s -1 "cut/runs/$pack"
flock "cut/runs/$pack" sleep 600 &
holder=$!
until ! flock -n "cut/runs/$pack" true; do sleep 0.01; done
sweep cut 2>stderr
expect 'a pack that is held: another one is made' [ "$(n_packs cut)" = 2 ]
kill $holder $(children $holder) 2>/dev/null
wait $holder 2>/dev/null

# ---- a store of before goes on in packs
as_before ref before
set -- before/runs/*.json
rm "$1" "$2"
sweep before 2>stderr
expect 'of before: read' says '6 runs, 4 of them kept'
expect 'of before: files are as they were' [ "$(ls before/runs/*.json | wc -l)" = 4 ]
expect 'of before: the rest is in packs' [ "$(n_records before)" = 2 ]
expect 'of before: byte for byte' same before
sweep before 2>stderr
expect 'of before: all are there' says '6 runs, 6 of them kept'
touch "before/runs/$first.lock"
rm "$3" # a store is swept when something is computed; else it is only read
sweep before 2>stderr
expect 'of before: a lock is swept' [ ! -e "before/runs/$first.lock" ]

key=$first other=$second
for what in damaged 'of another run'; do
  # A busy machine may look away until one of the two runs has ended: then once more.
  for tries in $(seq 100); do
    rm -rf long && mkdir -p long/runs
    "$synlab" run sweep.lua --out long --checkpoint 0 --jobs 6 >/dev/null 2>&1 &
    one=$!
    under_way $one "long/runs/$key.checkpoint" "long/runs/$other.checkpoint"
    workers=$(children $one)
    kill -KILL "$one" 2>/dev/null
    wait "$one" 2>/dev/null
    gone $workers
    there "long/runs/$key.checkpoint" "long/runs/$other.checkpoint" && break
  done
  if [ "$what" = damaged ]; then
    byte=$(od -An -tu1 -j 1000 -N 1 "long/runs/$key.checkpoint") # another one than it is
    printf "\\$(printf %o $((byte ^ 1)))" |
      dd of="long/runs/$key.checkpoint" bs=1 seek=1000 conv=notrunc 2>/dev/null
  else
    cp "long/runs/$other.checkpoint" "long/runs/$key.checkpoint"
  fi
  sweep long 2>stderr
  expect "a checkpoint is named: $what" says "$key.checkpoint: this checkpoint is $what; the run begins anew"
  expect "checkpoint $what: byte for byte" same long
done

# ---- failures are collected, and stop no other
cat >fails.lua <<'LUA'
local run = { task = "boundary", method = "synaptic", points = 50, iterations = 300,
  policy = { name = "qtable" } }
local bad = { task = "boundary", method = "synaptic", points = 50, iterations = 300,
  policy = require "experiment".rule("breaks.lua") }
local records = require "synlab".run({ bad, run }, { title = "some" })
print(records[1].status, records[2].status)
LUA
cat >breaks.lua <<'LUA'
return rule { name = "breaks", doc = "fails", sees = { "reward" },
  step = function(v, out, p) local x = v.reward.x end }
LUA
"$synlab" run fails.lua --out fails >stdout 2>stderr
expect 'a sweep with a failure: status 1' [ $? = 1 ]
expect 'failures are told at the end' says '^synlab: some: run 1 of 2 (seed 1) failed'
expect 'the other run ended' says "failed.ended" stdout

finish

#!/bin/sh
# SIGINT, SIGTERM, SIGHUP and SIGUSR1: exit status 130, 143, 129 and 138, a checkpoint is kept, no process and no
# unfinished file is left, and the same command goes on with the same bits. A second signal ends at once,
# but for SIGUSR1.
#
#   stop.sh SYNLAB
. "$(dirname "$0")/../lib.sh"
synlab=$1
export TMPDIR="$work"

# Long enough to be stopped in its midst on any machine, short enough to be ended on a slow one.
script() { # script NAME ITERATIONS
  cat >"$1.lua" <<LUA
local specs = {}
for seed = 1, 2 do
  specs[seed] = { task = "boundary", method = "synaptic", points = 200, iterations = $2, trace = 1,
    curve_every = 1000, seed = seed, policy = { name = "explore", epsilon = 0.25,
    inner = { name = "qtable" } } }
end
specs[3] = { task = "boundary", method = "descent", points = 200, iterations = $2, curve_every = 1000 }
require "synlab".run(specs, { title = "long" })
LUA
}
script long 1000000
script short 20000

gone() { # gone PID...: none of them is there
  for pid; do
    for tries in $(seq 100); do
      [ -d "/proc/$pid" ] && ! grep -q '^State:.Z' "/proc/$pid/status" 2>/dev/null || continue 2
      sleep 0.05
    done
    echo "    process $pid goes on"
    return 1
  done
}
# begin COMMAND...: starts it, returns when its workers compute, each for a tenth of a second of processor
# time, however long a loaded machine takes for that. `setsid`: a process group of its own.
# `env`: also where the tests themselves run under `nohup`.
begin() {
  setsid env --default-signal=HUP "$@" >stdout 2>stderr &
  program=$!
  workers=
  for tries in $(seq 1200); do
    before=$workers idle=
    workers=$(children $program)
    for pid in $workers; do
      ticks=$(awk '{ print $14 + $15 }' "/proc/$pid/stat" 2>/dev/null)
      [ "${ticks:-10}" -ge 10 ] || idle=$pid
    done
    [ -n "$workers" ] && [ "$workers" = "$before" ] && [ -z "$idle" ] && break
    sleep 0.05
  done
}
# ends NAME STATUS
ends() {
  wait "$program"
  expect "$1: status" [ $? = "$2" ]
  expect "$1: no worker is left" gone $workers
  expect "$1: nothing unfinished is left" [ -z "$(find . -name '*.tmp')" ]
}

# ---- run: each signal, to the program alone and to its whole group
for signal in INT TERM HUP USR1; do
  case $signal in INT) status=130 ;; TERM) status=143 ;; HUP) status=129 ;; USR1) status=138 ;; esac
  for to in program group; do
    store=$signal-$to
    begin "$synlab" run long.lua --out $store --jobs 3
    kill -$signal "$([ $to = group ] && echo -)$program"
    ends "$signal to the $to" $status
    expect "$signal to the $to: a line" says 'finished runs are kept'
    expect "$signal to the $to: a checkpoint of every run" [ "$(ls $store/runs/*.checkpoint | wc -l)" = 3 ]
    expect "$signal to the $to: and nothing else" [ "$(ls $store/runs | grep -vc 'checkpoint$\|^claims$')" = 0 ]
  done
done

begin "$synlab" run long.lua --out INT-program --fresh --jobs 3
kill -TERM "$program"
ends 'TERM, --fresh' 143
expect 'TERM, --fresh: the same command does not go on' says 'without --fresh: with it all begin again'

# ---- under nohup the end of a terminal is nobody's business
begin nohup "$synlab" run long.lua --out nohup --jobs 3
kill -HUP "$program"
sleep 0.3
kill -TERM "$program"
ends 'HUP under nohup' 143

# ---- it goes on with the same bits
"$synlab" run short.lua --out whole --jobs 3 2>stderr
for round in 1 2 3; do
  begin "$synlab" run short.lua --out parts --jobs 3
  kill -TERM "$program" 2>/dev/null
  wait "$program"
done
"$synlab" run short.lua --out parts --jobs 3 2>stderr
expect 'stopped three times: the same records' same_records whole parts

# ---- a second signal: at once, whatever the workers do
begin "$synlab" run long.lua --out twice --jobs 3
kill -STOP $workers
kill -TERM "$program"
sleep 0.3
kill -INT "$program"
wait "$program"
expect 'a second signal: status' [ $? = 130 ]
expect 'a second signal: the workers are gone' gone $workers

# ---- a rule that is found to hide something: what was kept before is not gone on from
cat >hides.lua <<'LUA'
local sign = 1
return rule { name = "hides", sees = { "random" },
  step = function(v, out) sign = v.iteration < 1000 and 1 or -1 out:sign(sign * (v.random - 0.4)) end }
LUA
cat >hidden.lua <<'LUA'
local lab = require "experiment"
return lab.chapter { id = "hidden", title = "Hidden",
  runs = lab.sweep { task = "boundary", points = 50, iterations = 1000000, curve_every = 300,
    lab.synaptic { policy = lab.rule("hides.lua") } },
  function() return "ended" end }
LUA
begin "$synlab" run hidden.lua --out hidden --checkpoint 0
for tries in $(seq 1200); do
  says 'no checkpoints' >/dev/null && break
  sleep 0.05
done
kill -TERM "$program"
ends 'hidden' 143
expect 'hidden: told' says 'no checkpoints: hides.lua: it changes variables outside of its memory'
expect 'hidden: no checkpoint' [ -z "$(ls hidden/runs | grep 'checkpoint$')" ]

# ---- what a batch system sends to a script, which passes it on, and to all processes as well
for signals in 'USR1 USR1 TERM' 'TERM USR1 USR1' 'USR1 TERM USR1'; do
  store="many $signals"
  begin "$synlab" run long.lua --out "$store" --jobs 3
  for signal in $signals; do kill -"$signal" -"$program"; done
  ends "$signals" 143
  expect "$signals: a checkpoint of every run" [ "$(ls "$store"/runs/*.checkpoint | wc -l)" = 3 ]
done

# ---- a worker that is told to stop by somebody else is a failed run that keeps a checkpoint
begin "$synlab" run long.lua --out one --jobs 3
kill -TERM ${workers%% *}
kill_rest() { sleep 1; kill -INT "$program"; }
kill_rest
wait "$program"
expect 'a worker alone: told' says 'stopped by a signal; what it has done is kept'

# ---- work, verify, rule try, plan, bench
"$synlab" plan long.lua --out planned >/dev/null 2>&1
begin "$synlab" work planned/plan/*.jsonl 1
kill -TERM "$program"
ends 'work' 143
expect 'work: a checkpoint' [ "$(ls planned/runs/*.checkpoint | wc -l)" = 1 ]

cat >chapter.lua <<'LUA'
local lab = require "experiment"
return lab.chapter { id = "stop", title = "Stop",
  runs = lab.sweep { task = "boundary", iterations = 10000, points = 1000, seeds = 3,
    lab.synaptic { policy = lab.qtable {}, epsilon = 0.25 } },
  function(results) return ("%d runs"):format(#results) end }
LUA
"$synlab" run chapter.lua --seeds 3 --out page >/dev/null 2>stderr
begin "$synlab" verify page --all
kill -INT "$program"
ends 'verify' 130
expect 'verify: its store is gone' [ -z "$(ls -d synlab-verify-* 2>/dev/null)" ]
mkdir synlab-verify-old synlab-verify-new && touch -d '1 hour ago' synlab-verify-old
"$synlab" verify page --run 1 >/dev/null 2>stderr
expect 'verify: an old store of a dead program is swept' [ ! -e synlab-verify-old ]
expect 'verify: a new one may be of a living one' [ -e synlab-verify-new ]

cat >rule.lua <<'LUA'
return rule { name = "slow", doc = "rests", sees = { "reward" },
  step = function(v, out, p) for i = 1, v.n do out[i] = 0 end end }
LUA
begin "$synlab" rule try rule.lua --out tried
kill -INT "$program"
ends 'rule try' 130

printf 'while true do end\n' >endless.lua
for command in 'plan endless.lua' 'run endless.lua' bench; do
  "$synlab" $command --out e >/dev/null 2>stderr &
  [ "$command" = bench ] && { wait $!; "$synlab" bench >/dev/null 2>stderr & }
  program=$!
  sleep 0.5
  kill -TERM "$program"
  wait "$program"
  expect "$command: status" [ $? = 143 ]
done

# ---- a plan that is killed leaves nothing for ever
for moment in 1 2 3 4 5; do
  "$synlab" plan chapter.lua --out killed >/dev/null 2>&1 &
  program=$!
  sleep "0.0$moment"
  kill -KILL "$program" 2>/dev/null
  wait "$program" 2>/dev/null
done
"$synlab" plan chapter.lua --out killed >/dev/null 2>stderr
expect 'killed plans: nothing unfinished is left' [ -z "$(find killed -name '*.tmp')" ]

finish

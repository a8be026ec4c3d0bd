#!/bin/sh
# The program as a person meets it: exit statuses, help, and one clear line for everything that can
# be wrong with the input, with nothing half-written.
#
#   cli.sh SYNLAB BUILD_DIR
. "$(dirname "$0")/../lib.sh"
synlab=$1 build=$2
answer() { head -n 1 "$work/stderr"; }

# script NAME TEXT: an experiment script that runs one spec
script() {
  cat >"$work/$1.lua" <<EOF
local s = require "synlab"
local r = s.run({ $2 }, { title = "try" })
print(r[1].status)
EOF
}
# refused NAME TEXT PATTERN: a script of this spec ends with 2 and says so
refused() {
  script refused "$2"
  check "$1" 2 "$3" "$synlab" run refused.lua --out bad
}

boundary='task = "boundary", method = "synaptic", iterations = 20, points = 50'
policy='policy = { name = "explore", epsilon = 0.25, inner = { name = "qtable" } }'

# ---- help and wrong use
check 'help' 0 '' "$synlab" --help
for command in run options policy data; do
  check "$command --help" 0 '' "$synlab" $command --help
  grep -q '^usage' "$work/stdout" || wrong "$command --help prints no usage"
done
check 'no command' 2 '' "$synlab"
check 'unknown command' 2 "did you mean 'run'" "$synlab" rnu
check 'unknown flag' 2 "did you mean '--jobs'" "$synlab" run x.lua --jbos 2
check 'jobs 0' 2 'from 1 to' "$synlab" run x.lua --jobs 0
check 'seeds x' 2 'from 1 to' "$synlab" run x.lua --seeds x
check 'a flag without its value' 2 'wants a value' "$synlab" run x.lua --out --quick
check 'no script' 2 'no script' "$synlab" run
check 'missing script' 2 'nowhere.lua' "$synlab" run nowhere.lua
check 'unknown instruction set' 2 'SYNLAB_ISA: .*this CPU has' env SYNLAB_ISA=mmx "$synlab" options
check 'options' 0 '' "$synlab" options
check 'policy list' 0 '' "$synlab" policy list

# ---- a good run, kept and found again
script good "{ $boundary, $policy }"
check 'good' 0 'try: 1 run' "$synlab" run good.lua --out out
grep -q '^ended$' stdout || wrong 'good: not ended'
check 'kept' 0 'kept from before' "$synlab" run good.lua --out out
record=$(ls out/runs/*.jsonl)
printf 'x' | dd of="$record" bs=1 seek=100 conv=notrunc 2>/dev/null
check 'damaged record' 0 'damaged; it is computed again' "$synlab" run good.lua --out out
check 'mended' 0 'kept from before' "$synlab" run good.lua --out out
script twins "{ $boundary, $policy }, { $boundary, $policy }"
check 'the same run twice' 0 'try: 2 runs' "$synlab" run twins.lua --out out
check 'other jobs, same bits' 0 '' "$synlab" run good.lua --out out2 --jobs 1
for part in trace policies; do
  cut_out() { sed "s/.*\"$part\":\({[^}]*}\).*/\1/" out*/runs/*.jsonl | sort -u | wc -l; }
  [ "$(cut_out)" = 1 ] || wrong "same bits: $part differs"
done

# ---- what is asked for and not used, by a script without a page too
for flag in '--seeds 4' '--quick' '--policy none.csv' '--data leters'; do
  check "$flag of a script without a page" 0 '' "$synlab" run good.lua --out out $flag
  grep -q -- "^$flag: nothing of 'good.lua' asks for it" stderr || wrong "$flag: nothing is said"
done

# ---- what a script can get wrong
refused 'unknown option' "{ $boundary, $policy, iteration = 5 }" "did you mean 'iterations'"
refused 'unknown option, first' "{ tsak = 'boundary', $policy }" "did you mean 'task'"
refused 'a number for a name' "{ task = 5, $policy }" "task is no text: 'boundary' or 'images'"
refused 'a seed that would be rounded' "{ $boundary, $policy, seed = 9007199254740993 }" \
  'seed: whole numbers'
refused 'unknown option' "{ $boundary, polcy = 5 }" "did you mean 'policy'"
script range "{ $boundary, $policy, threads = 0 }"
check 'out of range' 2 'from 1 to 64' "$synlab" run range.lua --out bad
refused 'wrong kind' "{ $boundary, $policy, rate = 'x' }" "rate must be a number from 0 to 1000, but is 'x'"
refused 'a parameter of a policy, mistyped' "{ $boundary, $policy, epsilno = 0.1 }" \
  "did you mean 'epsilon' of the policy 'explore'"
refused 'a parameter of a policy as an option' "{ $boundary, $policy, history = 2 }" \
  "did you mean 'history' of the policy 'qtable'"
refused 'a word of sweeps, mistyped' "{ $boundary, $policy, sedes = 2 }" \
  "no option is named 'sedes'; did you mean 'seeds' of lab.sweep?"
refused 'a word of sweeps in a run' "{ $boundary, $policy, seeds = 2 }" "did you mean 'seeds' of lab.sweep?"
refused 'no policy' "{ $boundary }" 'policy is missing'
refused 'unknown policy' "{ $boundary, policy = { name = 'qtabel' } }" "did you mean 'qtable'"
refused 'unknown parameter' "{ $boundary, policy = { name = 'qtable', histroy = 2 } }" \
  "did you mean 'history'"
refused 'a parameter that is not finite' "{ $boundary, policy = { name = 'explore', inner = { name = 'qtable', rate = 1/0 } } }" \
  'run 1 of 1: policy.inner.rate: a number is not finite'
refused 'a value in a list' "{ $boundary, $policy, net = { 2, 0/0, 1 } }" 'run 1 of 1: net\[2\]: a number is not finite'
refused 'a value that is none' "{ $boundary, $policy, rate = print }" 'rate: a function is no value of an option'
refused 'a name in a list' "{ $boundary, $policy, net = { 2, 3, 1, rate = 2 } }" 'net: a list, and something in it has a name'
refused 'a gap in a list' "{ $boundary, $policy, net = { 2, 3, 1, [7] = 2 } }" 'net: a list with a gap before its number 7'
refused 'policy file: no number' "{ $boundary, policy = { name = 'table', csv = 'q_dec,q_null,q_inc\\n1,x,3' } }" \
  'not a finite number\|not a number'
refused 'policy file: missing state' "{ $boundary, policy = { name = 'table', csv = 'a_newer,r_newer,q_dec,q_null,q_inc\\n0,0,1,2,3' } }" \
  'missing'
printf 'x = = 1\n' >syntax.lua
printf 'local x\nlocal function f() return x.y end\nprint(f())\n' >bug.lua
check 'a bug in a script' 2 'bug.lua:2: attempt to index' "$synlab" run bug.lua --out bad
grep -q traceback stderr || wrong 'a bug in a script: no traceback'
check 'syntax error' 2 'syntax.lua:1' "$synlab" run syntax.lua --out bad

# ---- a script that does nothing
nothing() { # TEXT PATTERN
  printf '%s' "$1" >nothing.lua
  check "nothing: $1" 2 "nothing.lua: it declares no page$2; a script ends with .return lab.chapter" \
    "$synlab" run nothing.lua --out bad
  check "nothing, planned: $1" 2 'it declares no page' "$synlab" plan nothing.lua --out bad
}
nothing '' ''
nothing '-- a comment' ''
nothing 'return nil' ''
nothing 'return 5' ' and returns a number, which nobody takes'
nothing 'return { id = "x", title = "X" }' ' and returns a table, which nobody takes'
nothing 'return function() end' ' and returns a function, which nobody takes'
nothing 'local lab = require "experiment" lab.sweep { rate = { 1, 2 } }' ''
nothing 'return require "figure1"' ' and returns a table, which nobody takes'
printf 'return require "experiment".declare { id = "x", title = "X", runs = {} }' >declares.lua
check 'a chapter without a page' 0 'declares.lua: what lab.declare makes is no page' \
  "$synlab" run declares.lua --out bad
for text in 'print(1)' 'io.write("1")' 'io.stderr:write("1")' 'os.remove("no such file")' \
  'require "synlab".write("x.txt", "text")' 'require "synlab".say("x")'; do
  printf '%s' "$text" >does.lua
  check "does something: $text" 0 '' "$synlab" run does.lua --out does
done
rm -rf does
printf 'f = io.open("bytes.lua", "wb") f:write(string.dump(load("return 5"))) f:close()' >dump.lua
check 'compiles' 0 '' "$synlab" run dump.lua --out bad
check 'compiled Lua' 2 'bytes.lua: this is compiled Lua; a script is a text' "$synlab" run bytes.lua --out bad
printf 'return reward { name = "x", value = function() return 1 end }' >areward.lua
check 'a reward as a script' 2 'this file is a reward, no script: .synlab reward check FILE. checks it' \
  "$synlab" run areward.lua --out bad

refused 'a network that does not fit' "{ $boundary, $policy }, { $boundary, $policy, net = { 3, 1 } }" \
  'run 2 of 2.*points of 2 coordinates'
refused 'an option without an effect' "{ task = 'boundary', method = 'descent', iterations = 20, reward_tie = 'zero' }" \
  "reward_tie has no effect here: it belongs to method = 'synaptic'"
script idle2 "{ $boundary, $policy, batch_change = 'remeasure', data = 'no.tar.gz' }"
check 'an option without an effect' 2 'run 1 of 1: batch_change has no effect' \
  "$synlab" run idle2.lua --out bad
refused 'an average that is never made' "{ $boundary, policy = { name = 'explore', inner = { name = 'qtable', average_after = 20 } } }" \
  'run 1 of 1: average_after has no effect here: it belongs to runs of more iterations than it leaves out'
refused 'a preset without an effect' "{ task = 'boundary', method = 'descent', iterations = 20, preset = 'authors' }" \
  "preset has no effect here: it belongs to runs for which 'paper' and 'authors' differ"
refused 'a preset that is overruled' "{ $boundary, $policy, preset = 'authors', bias_step = 1 }" \
  'preset has no effect here'
check 'an option without an effect, planned' 2 'has no effect' "$synlab" plan idle2.lua --out bad
[ ! -e bad ] || wrong 'wrong input has written something'
cat >both.lua <<'LUA'
local lab = require "experiment"
local shared = lab.set { task = "boundary", points = 50, iterations = 20, reward_tie = { "penalty", "zero" } }
local records = require "synlab".run(lab.sweep { shared, method = {
  lab.synaptic { policy = lab.random() }, lab.descent {} } }, { title = "both" })
for i, record in ipairs(records) do print(record.spec.method, record.spec.reward_tie, record.key) end
LUA
check 'options that one of two methods reads' 0 'both: 4 runs' "$synlab" run both.lua --out both
[ "$(n_records both) $(grep -c 'descent.penalty' stdout)" = '3 2' ] ||
  wrong 'options that one of two methods reads: not dropped where none reads it'

# one_line: the last command said one line and no more
one_line() {
  [ "$(wc -l <stderr)" = 1 ] || wrong "$1: more than one line"
}
check 'one line' 2 '' "$synlab" run range.lua --out bad
one_line 'a wrong option'
check 'a store that cannot be written' 2 'cannot' "$synlab" run good.lua --out range.lua
one_line 'a store that cannot be written'

# ---- what nobody asks for is said; a rule lies beside its script
mkdir -p beside/rules
cat >beside/rules/r.lua <<'LUA'
return rule { name = "still", doc = "rests", history = 1, act = function(s) return 0 end }
LUA
cat >beside/own.lua <<'LUA'
local lab = require "experiment"
return lab.chapter { id = "own", title = "Own", runs = lab.sweep { task = "boundary", iterations = 5,
  points = 20, seeds = 2, lab.synaptic { policy = lab.rule "rules/r.lua", epsilon = 0.2 } },
  function(results) return ("%d of %d"):format(#results, 2) end }
LUA
check 'a rule beside its script' 0 '' "$synlab" run beside/own.lua --out own
check 'seeds that nobody asks for' 0 "^--seeds 3: nothing of 'own' asks for it" "$synlab" run beside/own.lua --out own --seeds 3
check 'a policy that nobody asks for' 0 '^--policy x.csv: nothing of' "$synlab" run beside/own.lua --out own --policy x.csv
check 'quick that nobody asks for' 0 '^--quick: nothing of' "$synlab" run beside/own.lua --quick
sed 's/seeds = 2/seeds = require("synlab").profile.seeds/' beside/own.lua >beside/asks.lua
check 'seeds that are asked for' 0 '' "$synlab" run beside/asks.lua --out asks --seeds 3
! grep -q nothing stderr || wrong 'seeds that are asked for are told'
sed 's|rules/r|rules/q|' beside/own.lua >beside/lacks.lua
check 'a rule that is nowhere' 2 "rule 'rules/q.lua': there is no such file beside" "$synlab" run beside/lacks.lua --out own

# ---- data
images='task = "images", method = "descent", iterations = 1'
refused 'missing archive' "{ $images, data = 'no.tar.gz' }" 'no.tar.gz: No such file'
printf 'this is no archive' >text.tar.gz
check 'not an archive' 2 'text.tar.gz: not an archive' "$synlab" data info text.tar.gz
mkdir -p set/A set/B
check 'no image' 2 'no image in it' "$synlab" data info set
check "data list" 0 "" "$synlab" data list
check "data verify" 2 "no set is named" "$synlab" data verify nonsense
check 'the name of a set, mistyped' 2 "did you mean 'letters'" "$synlab" data info leters
check 'the same of verify' 2 "did you mean 'letters'" "$synlab" data verify leters
check 'a path is no name' 2 'no/leters: No such file' "$synlab" data info no/leters
[ ! -e bad ] || wrong 'bad data has written something'

two_classes images
check 'data info' 0 '' "$synlab" data info images
refused 'a network that does not fit the images' "{ $images, data = 'images', net = { 783, 2 } }" \
  'run 1 of 1.*784'
refused 'a network that does not fit the classes' "{ $images, data = 'images', net = { 784, 10 } }" \
  'run 1 of 1.*2 classes'
tar czf whole.tar.gz images
head -c 300 whole.tar.gz >cut.tar.gz
check 'a truncated archive' 2 'cut.tar.gz: ' "$synlab" data info cut.tar.gz
one_line 'a truncated archive'
[ ! -e bad ] || wrong 'bad data has written something'
script letters "{ $images, data = 'images', net = { 784, 2 } }"
check 'a run on images' 0 'try: 1 run' "$synlab" run letters.lua --out out
script packed "{ $images, data = 'whole.tar.gz', net = { 784, 2 } }"
check 'the same images, packed' 0 'kept from before' "$synlab" run packed.lua --out out

# ---- a run that fails stops no other, and no other script, and is a 1
script fails "{ $boundary, $policy, points = 100000000, seed = 1 }, { $boundary, $policy }"
script after "{ $boundary, $policy, seed = 7 }"
scarce() { # with little memory; the sanitizer has a way of its own
  if grep -q __asan_init "$synlab"; then
    ASAN_OPTIONS=max_allocation_size_mb=100:allocator_may_return_null=1 "$@"
  else
    (ulimit -v 1200000 && exec "$@")
  fi
}
check 'a run that fails' 1 '' scarce "$synlab" run fails.lua after.lua --out half
grep -q 'run 1 of 2 (seed 1) failed: not enough memory' stderr || wrong 'a run that fails: no word of it'
[ "$(n_records half)" = 2 ] || wrong 'the good runs are not kept'

# ---- workers that die, and Ctrl-C: what is finished stays
long='task = "boundary", method = "synaptic", points = 50, iterations = 1000000000'
script long "{ $long, $policy }, { $boundary, $policy, seed = 2 }"

# start_long DIR: starts it; returns when the short run is kept and only the long one works
start_long() {
  "$synlab" run long.lua --out "$1" --jobs 2 >stdout 2>stderr &
  program=$!
  for _ in $(seq 6000); do # ten minutes, where it takes a second
    sleep 0.1
    worker=$(children $program)
    if [ "$(n_records "$1")" = 1 ] && [ "$(echo $worker | wc -w)" = 1 ]; then return; fi
  done
  wrong "$1: the short run does not end"
}

# ended DIR STATUS PATTERN: a line on stderr, one record, no worker left
ended() {
  wait "$program"
  got=$?
  if [ $got = "$2" ] && grep -q "$3" stderr && [ "$(n_records "$1")" = 1 ] &&
    ! kill -0 $worker 2>/dev/null; then
    pass
  else
    wrong "$1: exit status $got"
  fi
}
start_long killed
kill -KILL $worker
ended killed 1 'run 1 of 2 (seed 1) failed: the worker was killed by signal 9'
start_long stopped
kill -INT "$program" $worker # as Ctrl-C does: to all
ended stopped 130 'finished runs are kept'

# ---- installed somewhere else, the program finds its house
if cmake --install "$build" --prefix "$work/prefix" >/dev/null 2>&1; then
  check 'installed' 0 'try: 1 run' "$work/prefix/bin/synlab" run good.lua --out out3
  printf 'require "experiment" print((package.path))\n' >where.lua
  check 'installed modules' 0 '' "$work/prefix/bin/synlab" run where.lua
  grep -q "$work/prefix" "$work/stdout" || wrong 'modules of the source tree'
  # its scripts are others than it was built beside: the commit that it names says so
  printf 'require "experiment" print(require("synlab").versions().commit)\n' >which.lua
  "$work/prefix/bin/synlab" run which.lua >before 2>stderr
  echo '-- mine' >"$work/prefix/share/synlab/experiments/lib/mine.lua"
  "$work/prefix/bin/synlab" run which.lua >added 2>stderr
  expect 'a script of the user changes nothing' cmp before added
  { echo "local f = io.open('$work/prefix/share/synlab/experiments/figure2.lua', 'a') f:write '-- later' f:close()" && cat which.lua; } >later.lua
  "$work/prefix/bin/synlab" run later.lua >meanwhile 2>stderr
  expect 'nor what is edited after they were read' cmp before meanwhile
  echo '-- changed' >>"$work/prefix/share/synlab/experiments/figure1.lua"
  "$work/prefix/bin/synlab" run which.lua >after 2>stderr
  expect 'a commit that does not name the scripts' \
    [ "$(cat after)" = "$(sed '/unknown\|-changed$/!s/$/-changed/' before)" ]
else
  wrong 'cmake --install'
fi

finish

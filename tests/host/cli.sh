#!/bin/sh
# The program as a person meets it: exit statuses, help, and one clear line for everything that can
# be wrong with the input, with nothing half-written.
#
#   cli.sh SYNLAB BUILD_DIR
set -u
synlab=$1
build=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1 # another working directory than the source's
failed=0

# check NAME STATUS PATTERN command...: exit status, and a first line on stderr that matches.
check() {
  name=$1 want=$2 pattern=$3
  shift 3
  "$@" >"$work/stdout" 2>"$work/stderr"
  got=$?
  if [ $got -ne "$want" ]; then
    echo "FAILED $name: exit status $got, expected $want"
    sed 's/^/    /' "$work/stderr"
    failed=1
  elif [ -n "$pattern" ] && ! head -n 1 "$work/stderr" | grep -q -- "$pattern"; then
    echo "FAILED $name: expected /$pattern/, got: $(head -n 1 "$work/stderr")"
    failed=1
  else
    passed=$((passed + 1))
  fi
}
passed=0

# script NAME TEXT: an experiment script that runs one spec
script() {
  cat >"$work/$1.lua" <<EOF
local s = require "synlab"
local r = s.run({ $2 }, { title = "try" })
print(r[1].status)
EOF
}

boundary='task = "boundary", method = "synaptic", iterations = 20, points = 50'
policy='policy = { name = "explore", epsilon = 0.25, inner = { name = "qtable" } }'

# ---- help and wrong use
check 'help' 0 '' "$synlab" --help
for command in run options policy data; do
  check "$command --help" 0 '' "$synlab" $command --help
  grep -q '^usage' "$work/stdout" || { echo "FAILED $command --help prints no usage"; failed=1; }
done
check 'no command' 2 '' "$synlab"
check 'unknown command' 2 "did you mean 'run'" "$synlab" rnu
check 'unknown flag' 2 "did you mean '--jobs'" "$synlab" run x.lua --jbos 2
check 'jobs 0' 2 'from 1 to' "$synlab" run x.lua --jobs 0
check 'seeds x' 2 'from 1 to' "$synlab" run x.lua --seeds x
check 'a flag without its value' 2 'wants a value' "$synlab" run x.lua --out --quick
check 'no script' 2 'no script' "$synlab" run
check 'missing script' 2 'nowhere.lua' "$synlab" run nowhere.lua
check 'unknown instruction set' 2 'this CPU has' env SYNLAB_ISA=mmx "$synlab" options
check 'options' 0 '' "$synlab" options
check 'policy list' 0 '' "$synlab" policy list

# ---- a good run, kept and found again
script good "{ $boundary, $policy }"
check 'good' 0 'try: 1 run' "$synlab" run good.lua --out out
grep -q '^ended$' stdout || { echo 'FAILED good: not ended'; failed=1; }
check 'kept' 0 'kept from before' "$synlab" run good.lua --out out
record=$(ls out/runs/*.json)
printf 'x' | dd of="$record" bs=1 seek=100 conv=notrunc 2>/dev/null
check 'damaged record' 0 'damaged; it is computed again' "$synlab" run good.lua --out out
check 'mended' 0 'kept from before' "$synlab" run good.lua --out out
script twins "{ $boundary, $policy }, { $boundary, $policy }"
check 'the same run twice' 0 'try: 2 runs' "$synlab" run twins.lua --out out
check 'other jobs, same bits' 0 '' "$synlab" run good.lua --out out2 --jobs 1
for part in trace policies; do
  cut_out() { sed "s/.*\"$part\":\({[^}]*}\).*/\1/" out*/runs/*.json | sort -u | wc -l; }
  [ "$(cut_out)" = 1 ] || { echo "FAILED same bits: $part differs"; failed=1; }
done

# ---- what is asked for and not used, by a script without a page too
for flag in '--seeds 4' '--quick' '--policy none.csv' '--data leters'; do
  check "$flag of a script without a page" 0 '' "$synlab" run good.lua --out out $flag
  grep -q -- "^$flag: nothing of 'good.lua' asks for it" stderr ||
    { echo "FAILED $flag: nothing is said: $(cat stderr)"; failed=1; }
done

# ---- what a script can get wrong
script unknown "{ $boundary, $policy, iteration = 5 }"
check 'unknown option' 2 "did you mean 'iterations'" "$synlab" run unknown.lua --out bad
script unknown3 "{ tsak = 'boundary', $policy }"
check 'unknown option, first' 2 "did you mean 'task'" "$synlab" run unknown3.lua --out bad
script number "{ task = 5, $policy }"
check 'a number for a name' 2 "task is no text: 'boundary' or 'images'" \
  "$synlab" run number.lua --out bad
script seed "{ $boundary, $policy, seed = 9007199254740993 }"
check 'a seed that would be rounded' 2 'seed: whole numbers' "$synlab" run seed.lua --out bad
script unknown2 "{ $boundary, polcy = 5 }"
check 'unknown option' 2 "did you mean 'policy'" "$synlab" run unknown2.lua --out bad
script range "{ $boundary, $policy, threads = 0 }"
check 'out of range' 2 'from 1 to 64' "$synlab" run range.lua --out bad
script kind "{ $boundary, $policy, rate = 'x' }"
check 'wrong kind' 2 "rate must be a number from 0 to 1000, but is 'x'" "$synlab" run kind.lua --out bad
script epsilno "{ $boundary, $policy, epsilno = 0.1 }"
check 'a parameter of a policy, mistyped' 2 "did you mean 'epsilon' of the policy 'explore'" \
  "$synlab" run epsilno.lua --out bad
script history "{ $boundary, $policy, history = 2 }"
check 'a parameter of a policy as an option' 2 "did you mean 'history' of the policy 'qtable'" \
  "$synlab" run history.lua --out bad
script sedes "{ $boundary, $policy, sedes = 2 }"
check 'a word of sweeps, mistyped' 2 "no option is named 'sedes'; did you mean 'seeds' of lab.sweep?" \
  "$synlab" run sedes.lua --out bad
script seeds "{ $boundary, $policy, seeds = 2 }"
check 'a word of sweeps in a run' 2 "did you mean 'seeds' of lab.sweep?" "$synlab" run seeds.lua --out bad
script nopolicy "{ $boundary }"
check 'no policy' 2 'policy is missing' "$synlab" run nopolicy.lua --out bad
script badpolicy "{ $boundary, policy = { name = 'qtabel' } }"
check 'unknown policy' 2 "did you mean 'qtable'" "$synlab" run badpolicy.lua --out bad
script badparam "{ $boundary, policy = { name = 'qtable', histroy = 2 } }"
check 'unknown parameter' 2 "did you mean 'history'" "$synlab" run badparam.lua --out bad
script csv "{ $boundary, policy = { name = 'table', csv = 'q_dec,q_null,q_inc\\n1,x,3' } }"
check 'policy file: no number' 2 'not a finite number\|not a number' "$synlab" run csv.lua --out bad
script state "{ $boundary, policy = { name = 'table', csv = 'a_newer,r_newer,q_dec,q_null,q_inc\\n0,0,1,2,3' } }"
check 'policy file: missing state' 2 'missing' "$synlab" run state.lua --out bad
printf 'x = = 1\n' >syntax.lua
printf 'local x\nlocal function f() return x.y end\nprint(f())\n' >bug.lua
check 'a bug in a script' 2 'bug.lua:2: attempt to index' "$synlab" run bug.lua --out bad
grep -q traceback stderr || { echo 'FAILED a bug in a script: no traceback'; failed=1; }
check 'syntax error' 2 'syntax.lua:1' "$synlab" run syntax.lua --out bad
script second "{ $boundary, $policy }, { $boundary, $policy, net = { 3, 1 } }"
check 'a network that does not fit' 2 'run 2 of 2.*points of 2 coordinates' \
  "$synlab" run second.lua --out bad
script idle "{ task = 'boundary', method = 'descent', iterations = 20, reward_tie = 'zero' }"
check 'an option without an effect' 2 "reward_tie has no effect here: it belongs to method = 'synaptic'" \
  "$synlab" run idle.lua --out bad
script idle2 "{ $boundary, $policy, batch_change = 'remeasure', data = 'no.tar.gz' }"
check 'an option without an effect' 2 'run 1 of 1: batch_change has no effect' \
  "$synlab" run idle2.lua --out bad
script idle3 "{ $boundary, policy = { name = 'explore', inner = { name = 'qtable', average_after = 20 } } }"
check 'an average that is never made' 2 \
  'run 1 of 1: average_after has no effect here: it belongs to runs of more iterations than it leaves out' \
  "$synlab" run idle3.lua --out bad
script idle4 "{ task = 'boundary', method = 'descent', iterations = 20, preset = 'authors' }"
check 'a preset without an effect' 2 \
  "preset has no effect here: it belongs to runs for which 'paper' and 'authors' differ" \
  "$synlab" run idle4.lua --out bad
script idle5 "{ $boundary, $policy, preset = 'authors', bias_step = 1 }"
check 'a preset that is overruled' 2 'preset has no effect here' "$synlab" run idle5.lua --out bad
check 'an option without an effect, planned' 2 'has no effect' "$synlab" plan idle2.lua --out bad
[ ! -e bad ] || { echo 'FAILED: wrong input has written something'; failed=1; }
cat >both.lua <<'LUA'
local lab = require "experiment"
local shared = lab.set { task = "boundary", points = 50, iterations = 20, reward_tie = { "penalty", "zero" } }
local records = require "synlab".run(lab.sweep { shared, method = {
  lab.synaptic { policy = lab.random() }, lab.descent {} } }, { title = "both" })
for i, record in ipairs(records) do print(record.spec.method, record.spec.reward_tie, record.key) end
LUA
check 'options that one of two methods reads' 0 'both: 4 runs' "$synlab" run both.lua --out both
[ "$(ls both/runs | wc -l) $(grep -c 'descent.penalty' stdout)" = '3 2' ] ||
  { echo 'FAILED options that one of two methods reads: not dropped where none reads it'; failed=1; }

# one_line: the last command said one line and no more
one_line() {
  [ "$(wc -l <stderr)" = 1 ] || { echo "FAILED $1: more than one line"; failed=1; }
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
! grep -q nothing stderr || { echo 'FAILED: seeds that are asked for are told'; failed=1; }
sed 's|rules/r|rules/q|' beside/own.lua >beside/lacks.lua
check 'a rule that is nowhere' 2 "rule 'rules/q.lua': there is no such file beside" "$synlab" run beside/lacks.lua --out own

# ---- data
images='task = "images", method = "descent", iterations = 1'
script missing "{ $images, data = 'no.tar.gz' }"
check 'missing archive' 2 'no.tar.gz: No such file' "$synlab" run missing.lua --out bad
printf 'this is no archive' >text.tar.gz
check 'not an archive' 2 'text.tar.gz: not an archive' "$synlab" data info text.tar.gz
mkdir -p set/A set/B
check 'no image' 2 'no image in it' "$synlab" data info set
check "data list" 0 "" "$synlab" data list
check "data verify" 2 "no set is named" "$synlab" data verify nonsense
check 'the name of a set, mistyped' 2 "did you mean 'letters'" "$synlab" data info leters
check 'the same of verify' 2 "did you mean 'letters'" "$synlab" data verify leters
check 'a path is no name' 2 'no/leters: No such file' "$synlab" data info no/leters
[ ! -e bad ] || { echo 'FAILED: bad data has written something'; failed=1; }

mkdir -p images/A images/B
for i in 1 2 3 4; do
  echo iVBORw0KGgoAAAANSUhEUgAAABwAAAAcCAAAAABXZoBIAAAAEElEQVR42mNgGAWjYBQQAwADLAAB1wvpfAAAAABJRU5ErkJggg== |
    base64 -d >images/A/$i.png # 28x28, black
  echo iVBORw0KGgoAAAANSUhEUgAAABwAAAAcCAAAAABXZoBIAAAAFElEQVR42mP4jwcwjEqOSo5KwgAA0FYNHp/Mo7cAAAAASUVORK5CYII= |
    base64 -d >images/B/$i.png # 28x28, white
done
check 'data info' 0 '' "$synlab" data info images
script wide "{ $images, data = 'images', net = { 783, 2 } }"
check 'a network that does not fit the images' 2 'run 1 of 1.*784' "$synlab" run wide.lua --out bad
script narrow "{ $images, data = 'images', net = { 784, 10 } }"
check 'a network that does not fit the classes' 2 'run 1 of 1.*2 classes' \
  "$synlab" run narrow.lua --out bad
tar czf whole.tar.gz images
head -c 300 whole.tar.gz >cut.tar.gz
check 'a truncated archive' 2 'cut.tar.gz: ' "$synlab" data info cut.tar.gz
one_line 'a truncated archive'
[ ! -e bad ] || { echo 'FAILED: bad data has written something'; failed=1; }
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
grep -q 'run 1 of 2 (seed 1) failed: not enough memory' stderr ||
  { echo 'FAILED a run that fails: no word of it'; failed=1; }
[ "$(ls half/runs | wc -l)" = 2 ] || { echo 'FAILED: the good runs are not kept'; failed=1; }

# ---- workers that die, and Ctrl-C: what is finished stays
long='task = "boundary", method = "synaptic", points = 50, iterations = 1000000000'
script long "{ $long, $policy }, { $boundary, $policy, seed = 2 }"

# start_long DIR: starts it; returns when the short run is kept and only the long one works
start_long() {
  "$synlab" run long.lua --out "$1" --jobs 2 >stdout 2>stderr &
  program=$!
  for _ in $(seq 6000); do # ten minutes, where it takes a second
    sleep 0.1
    worker=$(cat /proc/$program/task/$program/children)
    if ls "$1"/runs/*.json >/dev/null 2>&1 && [ "$(echo $worker | wc -w)" = 1 ]; then return; fi
  done
  echo "FAILED $1: the short run does not end"
  failed=1
}

# ended DIR STATUS PATTERN: a line on stderr, one record, no worker left
ended() {
  wait "$program"
  got=$?
  if [ $got = "$2" ] && grep -q "$3" stderr && [ "$(ls "$1"/runs/*.json | wc -l)" = 1 ] &&
    ! kill -0 $worker 2>/dev/null; then
    passed=$((passed + 1))
  else
    echo "FAILED $1: exit status $got, stderr:"
    sed 's/^/    /' stderr
    failed=1
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
  grep -q "$work/prefix" "$work/stdout" || { echo 'FAILED: modules of the source tree'; failed=1; }
else
  echo 'FAILED: cmake --install'
  failed=1
fi

echo "$passed passed, $failed failed"
exit $failed

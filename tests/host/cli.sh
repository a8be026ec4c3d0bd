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
check 'no script' 2 'no script' "$synlab" run
check 'missing script' 2 'nowhere.lua' "$synlab" run nowhere.lua
check 'unknown instruction set' 2 'this CPU has' env SYNLAB_ISA=mmx "$synlab" options
check 'options' 0 '' "$synlab" options
check 'policy list' 0 '' "$synlab" policy list

# ---- a good run, kept and found again
script good "{ $boundary, $policy }"
check 'good' 0 'try: 1 runs' "$synlab" run good.lua --out out
grep -q '^ended$' stdout || { echo 'FAILED good: not ended'; failed=1; }
check 'kept' 0 'kept from before' "$synlab" run good.lua --out out
record=$(ls out/runs/*.json)
printf 'x' | dd of="$record" bs=1 seek=100 conv=notrunc 2>/dev/null
check 'damaged record' 0 'damaged; it is computed again' "$synlab" run good.lua --out out
check 'mended' 0 'kept from before' "$synlab" run good.lua --out out
check 'other jobs, same bits' 0 '' "$synlab" run good.lua --out out2 --jobs 1
for part in trace policies; do
  cut_out() { sed "s/.*\"$part\":\({[^}]*}\).*/\1/" out*/runs/*.json | sort -u | wc -l; }
  [ "$(cut_out)" = 1 ] || { echo "FAILED same bits: $part differs"; failed=1; }
done

# ---- what a script can get wrong
script unknown "{ $boundary, $policy, iteration = 5 }"
check 'unknown option' 2 "did you mean 'iterations'" "$synlab" run unknown.lua --out bad
script unknown2 "{ $boundary, polcy = 5 }"
check 'unknown option' 2 "did you mean 'policy'" "$synlab" run unknown2.lua --out bad
script range "{ $boundary, $policy, threads = 0 }"
check 'out of range' 2 'from 1 to 64' "$synlab" run range.lua --out bad
script kind "{ $boundary, $policy, rate = 'x' }"
check 'wrong kind' 2 'rate is a number' "$synlab" run kind.lua --out bad
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
printf 'local x = nil\nprint(x.y)\n' >bug.lua
check 'a bug in a script' 2 'bug.lua:2: attempt to index' "$synlab" run bug.lua --out bad
grep -q traceback stderr || { echo 'FAILED a bug in a script: no traceback'; failed=1; }
check 'syntax error' 2 'syntax.lua:1' "$synlab" run syntax.lua --out bad
script second "{ $boundary, $policy }, { $boundary, $policy, net = { 3, 1 } }"
check 'a network that does not fit' 2 'run 2 of 2.*points of 2 coordinates' \
  "$synlab" run second.lua --out bad
[ ! -e bad ] || { echo 'FAILED: wrong input has written something'; failed=1; }

check 'one line' 2 '' "$synlab" run range.lua --out bad
[ "$(wc -l <stderr)" = 1 ] || { echo 'FAILED: a wrong option takes more than one line'; failed=1; }

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
[ ! -e bad ] || { echo 'FAILED: bad data has written something'; failed=1; }

# ---- a run that fails stops no other, and is a 1
script fails "{ $boundary, $policy, points = 100000000, seed = 1 }, { $boundary, $policy }"
check 'a run that fails' 1 '' sh -c "ulimit -v 1200000; exec '$synlab' run fails.lua --out half"
[ "$(ls half/runs | wc -l)" = 1 ] || { echo 'FAILED: the good run is not kept'; failed=1; }

# ---- installed somewhere else, the program finds its house
if cmake --install "$build" --prefix "$work/prefix" >/dev/null 2>&1; then
  check 'installed' 0 'try: 1 runs' "$work/prefix/bin/synlab" run good.lua --out out3
  printf 'require "experiment" print((package.path))\n' >where.lua
  check 'installed modules' 0 '' "$work/prefix/bin/synlab" run where.lua
  grep -q "$work/prefix" "$work/stdout" || { echo 'FAILED: modules of the source tree'; failed=1; }
else
  echo 'FAILED: cmake --install'
  failed=1
fi

echo "$passed passed, $failed failed"
exit $failed

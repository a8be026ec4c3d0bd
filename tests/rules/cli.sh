#!/bin/sh
# `synlab rule`, and rules in experiments, as a person meets them.
#
#   cli.sh SYNLAB BUILD_DIR
set -u
synlab=$1
build=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
passed=0
failed=0

fail() {
  echo "FAILED $*"
  failed=$((failed + 1))
}

# check NAME STATUS PATTERN command...: exit status, and what is said on either channel.
check() {
  name=$1 want=$2 pattern=$3
  shift 3
  "$@" >"$work/said" 2>&1
  got=$?
  if [ $got -ne "$want" ] || { [ -n "$pattern" ] && ! grep -q -- "$pattern" "$work/said"; }; then
    fail "$name: exit status $got, expected $want and /$pattern/"
    sed 's/^/    /' "$work/said"
  else
    passed=$((passed + 1))
  fi
}

check 'help' 0 '^usage: synlab rule list' "$synlab" rule --help
check 'nothing' 2 'list, show, check, try or new' "$synlab" rule
check 'unknown' 2 "did you mean 'show'" "$synlab" rule shwo
check 'too many' 2 'rule --help' "$synlab" rule list all
check 'list' 0 'policies/rules/win_stay.lua' "$synlab" rule list
for rule in hebb perturbation q_average q_learning random_walk symmetric win_stay win_stay_rest; do
  check "check $rule" 0 ': good\.' "$synlab" rule check policies/rules/$rule.lua
  check "show $rule" 0 '' "$synlab" rule show policies/rules/$rule.lua
done
check 'symmetric is odd' 0 'Odd under a change of sign: yes' \
  "$synlab" rule show policies/rules/symmetric.lua
check 'rest is never left' 0 'Never left .*: a = (0)$' \
  "$synlab" rule show policies/rules/win_stay_rest.lua
check 'chances' 0 '0.25/0.50/0.25' "$synlab" rule show policies/rules/random_walk.lua rest=0.5
check 'a picture' 0 'pictures/figures/rule-win_stay.svg' \
  "$synlab" rule show policies/rules/win_stay.lua --picture --out pictures
grep -q '<svg' pictures/figures/rule-win_stay.svg || fail 'no picture'
check 'no picture' 2 'has no picture' "$synlab" rule show policies/rules/hebb.lua --picture
check 'show: bad parameter' 2 "did you mean 'rest'" \
  "$synlab" rule show policies/rules/random_walk.lua ret=1
check 'show: unknown flag' 2 "did you mean '--picture'" \
  "$synlab" rule show policies/rules/hebb.lua --pictur

check 'new' 0 'mine.lua is written' "$synlab" rule new mine
check 'new again' 2 'mine.lua is there already' "$synlab" rule new mine.lua
check 'new: no name' 2 'is no name' "$synlab" rule new ../mine
check 'the skeleton is good' 0 'good. .mine., finite, history 1, 9 states' \
  "$synlab" rule check mine.lua
check 'missing file' 2 'nowhere.lua: No such file' "$synlab" rule check nowhere.lua
printf 'return rule {\n  name = "x", history = 0,\n  act = function() return 2 end,\n}\n' >two.lua
check 'a bad rule' 1 'two.lua:3: act returned 2' "$synlab" rule check two.lua
check 'a bad rule, shown' 2 'two.lua:3: act returned 2' "$synlab" rule show two.lua

# ---- in experiments: the text counts, not the path
script() {
  cat >"$work/$1.lua" <<EOF
local lab = require "experiment"
local runs = lab.sweep { lab.set { task = "boundary", method = "synaptic", iterations = 50,
  points = 50, seed = 9, policy = $2 } }
for _, record in ipairs(require("synlab").run(runs, { title = "try" })) do print(record.status) end
EOF
}
cp mine.lua elsewhere.lua
script one 'lab.rule("mine.lua", { boldness = 0.5 })'
script two 'lab.rule("./elsewhere.lua", { boldness = 0.5 })'
script inside 'lab.explore { epsilon = 0.1, inner = lab.rule("mine.lua") }'
script inside2 'lab.explore { epsilon = 0.1, inner = lab.rule("elsewhere.lua") }'
script several 'lab.rule("mine.lua", { boldness = { 0.1, 0.5, 0.9 } })'
script bad 'lab.rule("mine.lua", { boldness = 7 })'
check 'a run' 0 '^ended' "$synlab" run one.lua --out out
check 'the same text elsewhere' 0 'kept from before' "$synlab" run two.lua --out out
check 'inside explore' 0 '^ended' "$synlab" run inside.lua --out out
check 'inside explore, elsewhere' 0 'kept from before' "$synlab" run inside2.lua --out out
check 'a sweep over a parameter' 0 '3 runs, 1 of them kept' "$synlab" run several.lua --out out
check 'a bad parameter' 2 'boldness = 7; it must be a number from 0 to 1' \
  "$synlab" run bad.lua --out out
echo '-- another text' >>elsewhere.lua
check 'another text' 0 'try: 1 runs, [0-9]' "$synlab" run two.lua --out out
[ "$(ls out/runs | wc -l)" = 5 ] || fail 'not five records'

# ---- a rule that fails in the middle of a run
cat >late.lua <<'EOF'
return rule {
  name = "late", history = 1,
  init = function() return { n = 0 } end,
  learn = function(m)
    m.n = m.n + 1
    if m.n == 42 then error "had enough" end
  end,
  act = function(s) return -s.a[1] end,
}
EOF
script failing 'lab.rule "late.lua"'
check 'an error in a run' 1 'late.lua:6: had enough (learn, iteration 42, seed 9)' \
  "$synlab" run failing.lua --out out

# ---- installed, rules and skeleton are found too
if cmake --install "$build" --prefix "$work/prefix" >/dev/null 2>&1; then
  check 'installed' 0 'good' "$work/prefix/bin/synlab" rule check policies/rules/hebb.lua
  check 'installed: new' 0 'written' "$work/prefix/bin/synlab" rule new other
else
  fail 'cmake --install'
fi

echo "$passed passed, $failed failed"
exit $((failed > 0))

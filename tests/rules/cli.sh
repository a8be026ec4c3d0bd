#!/bin/sh
# `synlab rule`, and rules in experiments, as a person meets them.
#
#   cli.sh SYNLAB BUILD_DIR
cases=$(cd "$(dirname "$0")" && pwd)/cases
. "$(dirname "$0")/../lib.sh"
synlab=$1 build=$2

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
grep -q '<svg' pictures/figures/rule-win_stay.svg || wrong 'no picture'
check 'no picture' 2 'has no picture' "$synlab" rule show policies/rules/hebb.lua --picture
check 'show: bad parameter' 2 "did you mean 'rest'" \
  "$synlab" rule show policies/rules/random_walk.lua ret=1
check 'show: unknown flag' 2 "did you mean '--picture'" \
  "$synlab" rule show policies/rules/hebb.lua --pictur

check 'new' 0 'mine.lua is written' "$synlab" rule new mine
check 'new again' 2 'mine.lua is there already and stays as it is; take another name' \
  "$synlab" rule new mine.lua
check 'new: no name' 2 'is no name' "$synlab" rule new ../mine
check 'the skeleton is good' 0 'good. .mine., finite, history 1, 9 states' \
  "$synlab" rule check mine.lua
mkdir -p below
for command in check show try; do
  check "$command: missing file" 2 "rule 'nowhere.lua': there is no such file beside" \
    "$synlab" rule $command nowhere.lua
  check "$command: a shipped one by its name" 2 'did you mean policies/rules/krinsky.lua?' \
    "$synlab" rule $command krinsky
  cd below || exit 1
  check "$command: without .lua" 2 'did you mean ../mine.lua?' "$synlab" rule $command ../mine
  cd "$work" || exit 1
done
check 'a missing reward' 2 'did you mean policies/rewards/paper.lua?' "$synlab" reward check paper
check 'a missing file by its whole path' 2 '/nowhere.lua: No such file' "$synlab" rule check /nowhere.lua
printf 'return rule {\n  name = "x", history = 0,\n  act = function() return 2 end,\n}\n' >two.lua
check 'a bad rule' 1 'two.lua:3: act returned 2' "$synlab" rule check two.lua
check 'a bad rule, shown' 2 'two.lua:3: act returned 2' "$synlab" rule show two.lua

# ---- check: parameters, bounds, cost, warnings, regular files only
check 'check: a parameter' 0 'good' "$synlab" rule check policies/rules/random_walk.lua rest=0.5
check 'check: wrong parameter' 2 "did you mean 'rest'" \
  "$synlab" rule check policies/rules/random_walk.lua ret=0.5
check 'check: out of range' 2 'it must be a number from 0 to 1' \
  "$synlab" rule check policies/rules/random_walk.lua rest=5
check 'check: no number' 2 'a parameter is a number' \
  "$synlab" rule check policies/rules/random_walk.lua rest=half
check 'check: two files' 2 "'two.lua' is no parameter" "$synlab" rule check mine.lua two.lua
check 'check: cost' 0 'us an iteration at 7850 synapses, 1 byte a synapse' \
  "$synlab" rule check policies/rules/win_stay.lua
check 'check: how it runs' 0 'a step on whole vectors' "$synlab" rule check policies/rules/hebb.lua
check 'check: rests for ever' 0 'warning: left alone it never moves' \
  "$synlab" rule check policies/rules/win_stay.lua
printf 'return rule {\n  name = "x", history = 0, params = { gain = 0.5 },\n  act = function() return 0 end,\n}\n' >gain.lua
mkfifo pipe.lua
for file in pipe.lua /dev/zero .; do
  for command in check show try; do
    check "$command $file" 2 'this is no file' timeout 600 "$synlab" rule $command $file
  done
done
check 'addresses' 1 '%p is not offered' "$synlab" rule check "$cases/d02_format_nul_act.lua"
check 'five unknown fields' 1 "no field 'alpha'" "$synlab" rule check "$cases/d05_two_unknown.lua"
check 'one of equal names' 1 "did you mean 'math.max'" \
  "$synlab" rule check "$cases/d07_didyoumean.lua"
check 'a list with holes' 0 'good' "$synlab" rule check "$cases/ds1.lua"
check 'the string table' 1 'more than 64 MiB' "$synlab" rule check "$cases/h1_strtab.lua"
check 'good at rest only' 1 'out:set got 1.2' "$synlab" rule check "$cases/t_false_good.lua"
check 'moved by exploration only' 0 'warning: left alone' "$synlab" rule check "$cases/t_dead.lua"
check 'explores by itself' 0 'explores by itself: epsilon = 0 adds nothing' \
  "$synlab" rule check policies/rules/tsetlin.lua
cat >deaf.lua <<'EOF'
return rule { name = "deaf", sees = { "reward", "random" },
  step = function(v, out)
    local t = { v.random }
    out:sign(t[1] == 0 and v.reward or v.random - 0.5)
  end }
EOF
check 'deaf' 0 'warning: the reward changes nothing that it does' "$synlab" rule check deaf.lua
check 'slow, but well' 0 'good.*59049 states' "$synlab" rule check "$cases/t_slow5.lua"

# ---- parameters: once each, and in all that is shown and written
for command in check show try; do
  check "$command: given twice" 2 'boldness is given twice' \
    "$synlab" rule $command mine.lua boldness=0.5 boldness=0.25
done
check 'show: a value' 0 'boldness  *0.25 (0 .. 1; default 0.9)  chance' \
  "$synlab" rule show mine.lua boldness=0.25
check 'show: a picture of a value' 0 'rule-mine-boldness-0.25.svg' \
  "$synlab" rule show mine.lua boldness=0.25 --picture --out pictures
check 'show: no bounds' 0 'gain  *0.5$' "$synlab" rule show gain.lua
grep -q '^x$' stdout || wrong 'show: a rule without a doc is its name'
"$synlab" rule show mine.lua boldness=0.25 | grep -q ' $' && wrong 'show: blanks at the end of a line'
check 'show: digits below digits' 0 '^  a . r  (-1)  (0)             (+1)$' "$synlab" rule show mine.lua
grep -q '^   (-1)   +1   +1   0.90/0.10/0.00$' stdout || wrong 'show: digits are not below digits'
check 'try: a value' 0 'rule-mine-boldness-0.25-try.svg' \
  "$synlab" rule try mine.lua boldness=0.25 --seeds 1 --out tried
grep -q '^mine, boldness = 0.25  ' stdout || wrong 'no value in the table'
grep -q '^seed 1: mine, boldness = 0.25: [0-9.]* %; paper' stdout || wrong 'no name in the line of a seed'
grep -q 'boldness = 0.25' tried/figures/rule-mine-boldness-0.25-try.svg || wrong 'no value in the figure'

# ---- figures: a rule that fails is named, a long name takes none of the others' place
cat >fails.lua <<'EOF'
return rule { name = "keeps what it may not keep", sees = { "reward" }, params = { fade = 0.95 },
  init = function() return {} end, state = { x = 0 },
  step = function(v, out, p, m)
    out:sign(v.x - (m.last or v.x) + 1)
    m.last = v.x
  end }
EOF
printf 'return rule { name = "t", history = 2, act = function(s) return -s.a[2] end }\n' >past.lua
check 'try: a rule that fails' 1 'rule-fails-fade-0.5-try.svg' \
  "$synlab" rule try fails.lua fade=0.5 --seeds 1 --out tried
svg=tried/figures/rule-fails-fade-0.5-try.svg
for name in 'keeps what it may not keep, fade = 0.5 (failed)' "paper's Q-learning" 'random moves' \
  'win-stay, lose-reverse' '95 %'; do
  grep -q "<text[^>]*>$name</text>" $svg || wrong "the figure has no '$name'"
done
check 'show: history 2' 0 'rule-past.svg' "$synlab" rule show past.lua --picture --out tried
check 'figures: words within the canvas, none over another' 0 'figures: words' \
  env FIGURES="$(echo tried/figures/*.svg pictures/figures/*.svg)" \
  "$synlab" run "$cases/../../lua/look.lua"

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
script piped 'lab.rule "pipe.lua"'
script inside 'lab.explore { epsilon = 0.1, inner = lab.rule("mine.lua") }'
script inside2 'lab.explore { epsilon = 0.1, inner = lab.rule("elsewhere.lua") }'
script several 'lab.rule("mine.lua", { boldness = { 0.1, 0.5, 0.9 } })'
script bad 'lab.rule("mine.lua", { boldness = 7 })'
check 'a run' 0 '^ended' "$synlab" run one.lua --out out
check 'the same text elsewhere' 0 'kept from before' "$synlab" run two.lua --out out
check 'inside explore' 0 '^ended' "$synlab" run inside.lua --out out
check 'inside explore, elsewhere' 0 'kept from before' "$synlab" run inside2.lua --out out
check 'a sweep over a parameter' 0 '3 runs, 1 of them kept' "$synlab" run several.lua --out out
check 'a pipe' 2 'this is no file, but a pipe' timeout 600 "$synlab" run piped.lua --out out
check 'a bad parameter' 2 'boldness = 7; it must be a number from 0 to 1' \
  "$synlab" run bad.lua --out out
echo '-- another text' >>elsewhere.lua
check 'another text' 0 'try: 1 run, [0-9]' "$synlab" run two.lua --out out
[ "$(n_records out)" = 5 ] || wrong 'not five records'

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
check 'an error in a try' 1 '^late, seed 1: late.lua:6: had enough (learn, iteration 42, seed 1)' \
  "$synlab" rule try late.lua --seeds 1 --out tried
! answer | grep -qE 'rule.try|experiments' || wrong 'a script of the program is named'

# ---- what was meant
check 'a flag for a parameter' 2 "no option is named '--decay'; a parameter of the rule is given as decay=NUMBER" \
  "$synlab" rule try policies/rules/hebb.lua --decay 0.3
check 'a value without a name' 2 'here is a second, .0.3.; a parameter is given as NAME=NUMBER' \
  "$synlab" rule show policies/rules/symmetric.lua 0.3
check 'a shipped rule by its name' 2 'did you mean policies/rules/win_stay.lua' "$synlab" rule try win_stay
check 'no file' 2 'rule show: which file' "$synlab" rule show
check 'options about a word' 0 '^rate_end' "$synlab" options rate
check 'options by the name of others' 0 '^rate  ' "$synlab" options learning_rate
check 'options about nothing' 2 "no option has 'xyzzy' in its name or meaning" "$synlab" options xyzzy
mkdir -p somewhere/runs
check 'a store by its inner folder' 2 'somewhere/runs: give the folder that `runs` lies in: somewhere' \
  "$synlab" merge somewhere/runs

# ---- a try on letters, and without exploration
check 'a try names its exploration' 0 'exploration added to each: epsilon = 0.25' \
  "$synlab" rule try policies/rules/win_stay.lua --seeds 1 --out tried
grep -q '^Boundary task: net 2-100-1, 2,000 points in one batch, rate 0.001, 10,000 iterations$' stdout ||
  wrong 'a try does not say its options'
grep -q "^history 1, the paper's policy 2$" stdout || wrong 'a try does not say the histories'
check 'a try without' 0 'exploration added: epsilon = 0.25, to the rule 0$' \
  "$synlab" rule try policies/rules/probe_and_vote.lua keep=0.99 --seeds 1 --epsilon 0 --out tried
grep -q 'tried/figures/rule-probe_and_vote-keep-0.99-explore-0-try.svg' stdout ||
  wrong 'the figure is not named by the exploration'
grep -q "^no history of its own, the paper's policy 2$" stdout || wrong 'a rule without a history'
svg=tried/figures/rule-probe_and_vote-keep-0.99-explore-0-try.svg
for words in 'net 2-100-1' 'rate 0.001' 'exploration 0.25, the rule' ; do
  grep -q "<text[^>]*>[^<]*$words" $svg || wrong "the figure does not say '$words'"
done

# ---- times are of one moment: what is kept from before has none
check 'times' 0 '^win-stay, lose-reverse .* [0-9][0-9]*$' \
  "$synlab" rule try policies/rules/tsetlin.lua --seeds 1 --out timed
grep -q '^Tsetlin .* [0-9][0-9]*$' stdout || wrong 'no time of a rule that was computed'
check 'times of what is kept' 0 '^win-stay, lose-reverse .* kept$' \
  "$synlab" rule try policies/rules/krinsky.lua --seeds 1 --out timed
grep -q '^Krinsky .* [0-9][0-9]*$' stdout || wrong 'no time beside kept ones'
check 'times of nothing' 0 '^Krinsky ' "$synlab" rule try policies/rules/krinsky.lua --seeds 1 --out timed
grep -q 'us/iteration' stdout && wrong 'a column of times that were all kept'

# ---- a column is there where there is something in it
grep -q '^policy  *accuracy  *min  *max  *at 95 %  *loss$' stdout || wrong 'no column of those at 95 %'
check 'letters' 0 '^5,000 iterations are early' \
  "$synlab" rule try policies/rules/tsetlin.lua --seeds 1 --epsilon 0 --letters --out timed
grep -q '^policy  *accuracy  *min  *max  *loss  *us/iteration$' stdout || wrong 'nobody at 95 %, and a column of it'
grep -q '^Built-in letters, validation accuracy: net 784-10, batches of 2,000 images' stdout ||
  wrong 'a try on letters does not say its options'
grep -q '>validation accuracy (%)<' timed/figures/rule-tsetlin-explore-0-try-letters.svg ||
  wrong 'the figure on letters shows something else than the table'

# ---- under a reward of one's own
cp "$(dirname "$cases")/../../policies/rewards/noisy_bit.lua" heard.lua
check 'a try under a reward' 0 '^reward of all: noisy bit (heard.lua)$' \
  "$synlab" rule try policies/rules/tsetlin.lua --seeds 1 --reward heard.lua --out timed
grep -q 'timed/figures/rule-tsetlin-reward-heard-try.svg' stdout || wrong 'the figure is not named by the reward'
grep -q 'reward: noisy bit' timed/figures/rule-tsetlin-reward-heard-try.svg || wrong 'the figure names no reward'
check 'a reward that is not there' 2 "reward 'nowhere.lua': there is no such file" \
  "$synlab" rule try policies/rules/tsetlin.lua --reward nowhere.lua
check 'a reward for show' 2 'reward' "$synlab" rule show policies/rules/tsetlin.lua --reward heard.lua
printf 'return rule { name = "still", history = 0, act = function() return 0 end }\n' >still.lua
check 'what a try leaves here' 0 'reports-rules/figures/rule-still-try.svg' "$synlab" rule try still.lua --seeds 1
[ -e reports ] && wrong 'a try writes to reports'
check 'a share beyond 1' 2 'epsilon = 2; it must be a number from 0 to 1' \
  "$synlab" rule try policies/rules/win_stay.lua --epsilon 2

# ---- rewards
cd "$work" || exit 1
check 'rewards' 0 'policies/rewards/paper.lua  *did the loss fall' "$synlab" reward list
check 'a reward is checked' 0 'rewards  *100 % of the falls and 0 % of the rises' "$synlab" reward check policies/rewards/paper.lua
check 'with parameters' 2 "has no parameter 'flop'; did you mean 'flip'" \
  "$synlab" reward check policies/rewards/noisy_bit.lua flop=1
check 'a rule as a reward' 1 'this file is a rule, no reward: `synlab rule check FILE`' \
  "$synlab" reward check policies/rules/hebb.lua
check 'a reward as a rule' 1 'this file is a reward, no rule: `synlab reward check FILE`' \
  "$synlab" rule check policies/rewards/paper.lua
check 'a new reward' 0 'synlab reward check bit.lua' "$synlab" reward new bit
check 'it is good' 0 'good. Two equal' "$synlab" reward check bit.lua
check 'and stays' 2 'is there already and stays' "$synlab" reward new bit
# study METHOD REWARD OVER [OPTIONS]: a study over rewards
study() {
  cat >rewards.lua <<EOF
local lab = require "experiment"
local study = lab.study { name = "rewards", title = "T", caption = "C.", over = { "$3" } }
return lab.chapter { id = "rewards", title = "T", runs = lab.sweep {
  lab.set { task = "boundary", iterations = 30, points = 20 },
  lab.$1 { ${4-policy = lab.qtable \{\}}, reward = $2 }, seeds = 2 },
  study.table, study.words }
EOF
  sed -i 's/\\//g' rewards.lua
}
study synaptic 'lab.reward("bit.lua", { flip = { 0, 0.1, 0.2 } })' reward.flip
check 'a study over a parameter of a reward' 0 '6 runs' "$synlab" run rewards.lua --out rewarded
check 'is kept' 0 '6 of them kept' "$synlab" run rewards.lua --out rewarded
check 'and verified' 0 'same bits' "$synlab" verify rewarded --run 1
study synaptic '{ lab.reward "policies/rewards/paper.lua", lab.reward "policies/rewards/delayed.lua" }' reward.file
check 'a study over rewards' 0 '4 runs' "$synlab" run rewards.lua --out rewarded
study synaptic 'lab.reward "bit.lua", reward_delay = 3' rate
check 'an option that it makes idle' 2 "reward_delay has no effect here: it belongs to method = 'synaptic' without a reward of one's own" \
  "$synlab" run rewards.lua --out rewarded
study descent 'lab.reward "bit.lua"' rate 'rate = 0.1'
check 'a reward for descent' 2 "reward has no effect here: it belongs to method = 'synaptic'" \
  "$synlab" run rewards.lua --out rewarded
study synaptic '"paper"' rate
check 'a reward by name' 2 'write reward = lab.reward("FILE.lua"' "$synlab" run rewards.lua --out rewarded
study synaptic 'lab.reward "nowhere.lua"' rate
check 'a reward that is not there' 2 "reward 'nowhere.lua': there is no such file" "$synlab" run rewards.lua --out rewarded
study synaptic 'lab.reward "slow_average"' rate
check 'a shipped one by its name' 2 'did you mean policies/rewards/slow_average.lua' "$synlab" run rewards.lua --out rewarded

# ---- installed, rules and skeleton are found too
if cmake --install "$build" --prefix "$work/prefix" >/dev/null 2>&1; then
  check 'installed' 0 'good' "$work/prefix/bin/synlab" rule check policies/rules/hebb.lua
  check 'installed: new' 0 'written' "$work/prefix/bin/synlab" rule new other
else
  wrong 'cmake --install'
fi

finish

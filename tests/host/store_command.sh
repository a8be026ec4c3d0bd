#!/bin/sh
# `synlab store`: what a store holds, one record of it, and how two differ.
#
#   store_command.sh SYNLAB
. "$(dirname "$0")/../lib.sh"
synlab=$1

cat >keep.lua <<'LUA'
return rule { name = "keep", history = 1, act = function(s) return s.a[1] end }
LUA
# runs.lua, with the seeds, iterations and rule of the environment
cat >runs.lua <<'LUA'
local seeds, iterations = tonumber(os.getenv "RUN_SEEDS" or 3), tonumber(os.getenv "RUN_ITERATIONS" or 20)
local specs = {}
local function add(spec)
  spec.task, spec.points, spec.iterations, spec.net = "boundary", 20, iterations, { 2, 5, 1 }
  specs[#specs + 1] = spec
end
for seed = 1, seeds do
  add { method = "synaptic", seed = seed, policy = { name = "explore", epsilon = 0.25,
    inner = { name = "qtable", history = 3 } } }
end
add { method = "synaptic", seed = 1, policy = { name = "rule", file = "keep.lua",
  text = io.open("keep.lua"):read "a" } }
add { method = "descent", seed = 10 }
require "synlab".run(specs, { title = "runs" })
LUA
"$synlab" run runs.lua --out A 2>stderr || { cat stderr; exit 1; }

# ---- list
lines() { [ "$(wc -l <stdout)" = "$1" ]; }
check 'list' 0 '5 runs' "$synlab" store list A
expect 'list: a line a run and a head' lines 6
expect 'list: what a run is' says '^[0-9a-f]\{12\}  ended   boundary  2-5-1  explore(qtable)  *2 .* 20 ' stdout
expect 'list: a rule by its file' says ' keep  ' stdout
expect 'list: a run without a policy by its method' says ' descent  ' stdout
expect 'list: in order, seeds as numbers' [ "$(awk '/explore/ { printf "%s ", $6 }' stdout)" = '1 2 3 ' ]
cp stdout before
"$synlab" store list A >after 2>/dev/null
expect 'list: always in one order' cmp before after
check 'list: JSON' 0 '"key":"[0-9a-f]\{64\}".*"policy":"explore(qtable)".*"seed":1,' "$synlab" store list --json A
expect 'list: JSON, a line a run' lines 5
check 'list: an option' 0 '2 of 5 runs' "$synlab" store list A seed=1
check 'list: two words' 0 '1 of 5 runs' "$synlab" store list A seed=1 policy=keep
check 'list: a policy' 0 '3 of 5 runs' "$synlab" store list policy=explore A
check 'list: the one inside it' 0 '3 of 5 runs' "$synlab" store list A policy=qtable
check 'list: a parameter of it' 0 '3 of 5 runs' "$synlab" store list A policy.history=3
check 'list: a number as it may be written' 0 '3 of 5 runs' "$synlab" store list A policy.epsilon=2.5e-1
check 'list: a network' 0 '5 of 5 runs' "$synlab" store list A net=2-5-1
check 'list: none' 0 '0 of 5 runs' "$synlab" store list A seed=99
expect 'list: none, no head' lines 0
check 'list: an option at its default' 0 '4 of 5 runs' "$synlab" store list A method=synaptic
check 'list: no such name' 2 "did you mean 'seed'" "$synlab" store list A sed=1
check "list: another field's word" 2 "did you mean 'rate'" "$synlab" store list A learning_rate=1
check 'list: no such parameter' 2 "did you mean 'policy.epsilon'" "$synlab" store list A policy.epsilom=1
check 'list: no such choice' 2 "did you mean 'descent'" "$synlab" store list A method=descnt
check 'list: no number' 2 'seed is a number' "$synlab" store list A seed=one
check 'list: no value' 2 'wants a value' "$synlab" store list A seed=
check 'list: two stores' 2 'one store at a time' "$synlab" store list A B
check 'list: no store' 2 'nowhere/runs: no run store' "$synlab" store list nowhere
check 'list: the folder inside' 2 'lies in: A$' "$synlab" store list A/runs
check 'a part that is not' 2 "did you mean 'list'" "$synlab" store lst
check 'no part' 2 'list, show' "$synlab" store

# ---- a store of before, records of the same key, and damage
as_before A old
check 'list: files of before' 0 '5 runs' "$synlab" store list old
cp -r A both && cp old/runs/*.json both/runs
check 'list: each run once' 0 '5 runs' "$synlab" store list both
cat A/runs/*.jsonl >>"$(ls both/runs/*.jsonl | head -1)"
check 'list: of two lines of a key one' 0 '5 runs' "$synlab" store list both
cp -r A broken
pack=$(ls broken/runs/*.jsonl | head -1)
sed -i '1s/"status":"ended"/"status":"endet"/' "$pack"
printf 'no record\n{"key":"cut' >>"$pack"
check 'list: what is damaged' 1 "$pack:1: this record is damaged" "$synlab" store list broken
expect 'list: what is no record' says 'this line is no record'
expect 'list: what is being written is no damage' [ "$(grep -c '^synlab: ' stderr)" = 2 ]
expect 'list: the others' lines $(($(n_records A)))

# ---- show
key=$("$synlab" store list A --json policy=keep 2>/dev/null | sed 's/.*"key":"\([0-9a-f]*\)".*/\1/')
check 'show' 0 "^key $key" "$synlab" store show A "$key"
expect 'show: where it stands' says '^in  A/runs/.*jsonl:[0-9]' stdout
expect 'show: options' says 'iterations  *20$' stdout
expect 'show: not those at their defaults' says 'and [0-9]* at their defaults' stdout
expect 'show: a long text is counted' says 'policy.file  *keep.lua' stdout
expect 'show: the result' says 'train.loss  *[0-9.]' stdout
check 'show: a beginning' 0 "^key $key" "$synlab" store show A "$(echo "$key" | cut -c1-16)"
check 'show: JSON' 0 "\"key\":\"$key\"" "$synlab" store show --json A "$key"
check 'show: of before' 0 "^in  old/runs/$key.json" "$synlab" store show old "$key"
check 'show: no such key' 2 "no key of A begins with '0123456789ab'" "$synlab" store show A 0123456789ab
check 'show: no key at all' 2 "'key' is no key" "$synlab" store show A key
check 'show: the store behind the key' 2 "'A' is no key .*; STORE stands before KEY" "$synlab" store show "$key" A
check 'show: nothing said' 2 'which run' "$synlab" store show
RUN_SEEDS=40 "$synlab" run runs.lua --out many 2>/dev/null
digit=$("$synlab" store list many --json 2>/dev/null | sed 's/.*"key":"\(.\).*/\1/' | sort | uniq -d | head -1)
check 'show: an ambiguous beginning' 2 "keys of many begin with '$digit': $digit[0-9a-f]*, $digit" \
  "$synlab" store show many "$digit"
first=$(sed -n '1s/^{"key":"\([0-9a-f]*\)".*/\1/p' "$pack")
check 'show: damaged' 1 "$pack:1: this record is damaged" "$synlab" store show broken "$first"

# ---- diff
check 'diff: the same' 0 '0 only in A, 0 only in old, 0 different, 5 the same' "$synlab" store diff A old
check 'diff: one has more' 1 '0 only in A, 37 only in many, 0 different, 5 the same' "$synlab" store diff A many
expect 'diff: those runs' says '^only B   [0-9a-f]\{12\}  boundary  2-5-1  explore(qtable)  seed 40$' stdout
check 'diff: the other way' 1 '37 only in many, 0 only in A' "$synlab" store diff many A
mkdir -p other/runs
line=$(sed 's/,"sha256.*//; s/"synapses":[0-9]*/"synapses":7/; q' A/runs/*.jsonl)
printf '%s,"sha256":"%s"}\n' "$line" "$(printf %s "$line" | sha256sum | cut -d' ' -f1)" >other/runs/x.jsonl
check 'diff: another result' 1 '4 only in A, 0 only in other, 1 different, 0 the same' "$synlab" store diff A other
expect 'diff: what is other' says '^differs .*: synapses [0-9]*, 7$' stdout
cp -r A slower && sed -i 's/"seconds":[0-9.]*/"seconds":1.000000/' slower/runs/*.jsonl
for pack in slower/runs/*.jsonl; do
  sed 's/,"sha256.*//' "$pack" | while read -r line; do
    printf '%s,"sha256":"%s"}\n' "$line" "$(printf %s "$line" | sha256sum | cut -d' ' -f1)"
  done >lines && mv lines "$pack"
done
check 'diff: seconds are no result' 0 '5 the same' "$synlab" store diff A slower
check 'diff: damage' 1 '2 damaged' "$synlab" store diff broken A
check 'diff: one store' 2 'two stores' "$synlab" store diff A
# ---- --store: a store apart from the pages
mkdir -p x && cat >page.lua <<'LUA'
local lab = require "experiment"
return lab.chapter { id = "page", title = "A page",
  runs = lab.sweep { task = "boundary", points = 20, iterations = 20, net = { 2, 5, 1 },
    lab.synaptic { policy = lab.qtable { history = 2 }, epsilon = 0.25 }, seeds = 4 },
  function(results) return ("%d runs"):format(#results) end }
LUA
check '--store' 0 'page: 4 runs' "$synlab" run page.lua --out pages --store apart
expect '--store: pages in --out' test -s pages/page.md
expect '--store: and no records' test ! -e pages/runs
expect '--store: they are there' [ "$(n_records apart)" = 4 ]
check '--store: they are taken from there' 0 '4 of them kept' "$synlab" run page.lua --out again --store apart/
check '--store: by a plan' 0 'No run is missing' "$synlab" plan page.lua --out x --store=apart
check '--store: as merge says it' 0 '4 copied' "$synlab" merge apart --store joined
check '--store and --out of merge' 2 'give one' "$synlab" merge apart --store joined --out joined
check '--store: the folder inside' 2 'lies in: apart$' "$synlab" run page.lua --out x --store apart/runs
"$synlab" plan page.lua --out planned --store "it's apart" >commands 2>stderr
expect '--store: planned' [ "$(grep -c -- "--store '/.*apart'" commands)" = 4 ]
check '--store: planned commands work from anywhere' 0 '' sh -ec 'commands=$PWD/commands; cd /; . "$commands"'
check '--store: their records' 0 '0 different, 4 the same' "$synlab" store diff apart "it's apart"
expect '--store: and none beside the plan' test ! -e planned/runs
rm -r "it's apart"
check '--store: the plan says for which store it is' 0 "records are in /.*/it's apart/runs" \
  "$synlab" work planned/plan/page-*.jsonl --task 1/1
expect '--store: they are there' [ "$(n_records "it's apart")" = 4 ]
expect '--store: and again none beside the plan' test ! -e planned/runs
check '--store: an option counts for more' 0 '4 runs' "$synlab" work planned/plan/page-*.jsonl --task 1/1 --store told
expect '--store: what it says' [ "$(n_records told)" = 4 ]
mkdir gone && "$synlab" plan page.lua --out taken --store gone/there >/dev/null 2>&1 && rmdir gone
check '--store: one that is not here' 2 'page-.*: it was planned for the store /.*/gone/there, which is not here; --store DIR' \
  "$synlab" work taken/plan/page-*.jsonl 1
expect '--store: nothing is made' test ! -e gone -a ! -e taken/runs
sed '1s|"store":\[[0-9]*,|"store":[9999999,|' taken/plan/page-*.jsonl >damaged.jsonl
check '--store: a damaged head' 2 'damaged.jsonl: no plan, or damaged' "$synlab" work damaged.jsonl 1
rm -r "it's apart"
"$synlab" plan --slurm page.lua --out planned --store "it's apart" >job 2>/dev/null
check '--store: a job' 0 '' env SLURM_ARRAY_TASK_ID=1 sh job
expect '--store: its records' [ "$(n_records "it's apart")" = 4 ]
check 'work, --store and --out' 2 'give one' "$synlab" work planned/plan/page-*.jsonl 1 --store a --out b

# A store that cannot be written: nothing has to be, where nothing is missing.
state() { (cd "$1" && find . -exec stat -c '%n %i %s %Y %Z' {} + | sort); }
mv apart/runs/claims elsewhere # a store from elsewhere may have none
touch -d '40 days ago' "apart/runs/$key.checkpoint"
state apart >before
check 'a store to read from' 0 '4 of them kept' "$synlab" run page.lua --out again --store apart
"$synlab" plan page.lua --out again --store apart 2>/dev/null
"$synlab" store list apart >/dev/null 2>&1
state apart >after
expect 'a store to read from: not one write' cmp before after
mkdir full && touch full/runs # no folder can be made there, whoever asks
check 'a store that cannot be written' 2 'full/runs.*; 4 runs are missing there, first [0-9a-f]\{12\} of ' \
  "$synlab" run page.lua --out again --store full
expect 'a store that cannot be written: one line' [ "$(grep -c . stderr)" = 1 ]
# ---- prune
check 'prune: nothing' 0 '^A: nothing is stale' "$synlab" store prune A
cp -r both stale && cp -r old/times stale
as_before many more && for one in $(ls more/runs | head -2); do cp "more/runs/$one" stale/runs; done
pack=$(ls stale/runs/*.jsonl | head -1)
printf 'no record\n' >>"$pack"
sed '1s/"status":"ended"/"status":"endet"/' A/runs/*.jsonl >stale/runs/0.jsonl # before all others: nothing counts
printf '{"key":"cut' >>stale/runs/0.jsonl
touch "stale/runs/$key.checkpoint" "stale/runs/$key.json.synlab-99999-0.tmp"
cp stale/runs/0.jsonl "stale/runs/$(echo "$key" | tr 0-9a-f 1-9a-f0).checkpoint" # of no use to a run without record
state stale >before
check 'prune: what it would do' 0 'to remove, [0-9]* bytes; --yes does it' "$synlab" store prune stale
cp stdout said
state stale >after
expect 'prune: and it does nothing' cmp before after
for what in '3  *[0-9]* bytes  damaged' '9  *[0-9]* bytes  superseded' '5  *[0-9]* bytes  single' \
  '1  *0 bytes  checkpoints' '1  *0 bytes  unfinished'; do
  expect "prune: $what" says "^ *$what" said
done
records stale >before
bytes() { find "$1" -type f -exec cat {} + | wc -c; }
size=$(bytes stale)
check 'prune: done' 0 'removed, [0-9]* bytes$' "$synlab" store prune --yes stale
expect 'prune: it is what was said' [ "$(head -5 stdout)" = "$(head -5 said)" ]
expect 'prune: and as many bytes' [ $((size - $(bytes stale))) = "$(sed -n 's/.* removed, \([0-9]*\) bytes/\1/p' stdout)" ]
records stale >after
expect 'prune: all records are there' cmp before after
expect 'prune: of a key one line' [ "$(n_records stale)" = 5 ]
expect 'prune: single files of other runs stay' [ "$(ls stale/runs/*.json | wc -l)" = 2 ]
expect 'prune: no checkpoint that no run goes on from' [ -z "$(ls stale/runs | grep 'checkpoint$')" ]
check 'prune: nothing is left to do' 0 'nothing is stale' "$synlab" store prune stale
check 'prune: the runs are found' 0 '5 of them kept' "$synlab" run runs.lua --out stale

# a pack that a running program holds
cp -r both held
pack=$(ls held/runs/*.jsonl | head -1)
state held/runs | grep "$(basename "$pack")" >before
mkfifo end
flock "$pack" sh -c ': >held.now; read line <end' &
until [ -e held.now ]; do sleep 0.01; done
check 'prune: a pack that is held' 1 "$pack: a running program holds it; it is left alone" \
  "$synlab" store prune held --yes
state held/runs | grep "$(basename "$pack")" >after
expect 'prune: it is as it was' cmp before after
echo >end
wait
check 'prune: let go of, it is pruned' 0 'superseded' "$synlab" store prune held --yes
expect 'prune: of a key one line' [ "$(n_records held)" = 5 ]

# a program that has read the store goes on where its packs were written anew
mkdir -p under/runs
cat A/runs/*.jsonl >all
{ sed -n 2p all && sed -n 1,3p all; } >under/runs/a.jsonl
{ sed -n 5p all && sed -n 4,5p all; } >under/runs/b.jsonl
cat >twice.lua <<'LUA'
local synlab = require "synlab"
dofile "runs.lua"
assert(os.execute(os.getenv "PRUNE"))
dofile "runs.lua"
LUA
PRUNE="$synlab store prune under --yes" check 'prune: under a program that reads' 0 'superseded' \
  "$synlab" run twice.lua --out under
expect 'prune: it finds all again' [ "$(grep -c '^runs: 5 runs, 5 of them kept' stderr)" = 2 ]
expect 'prune: and calls nothing damaged' [ "$(grep -c damaged stderr)" = 0 ]

# killed at any moment it loses nothing
records both >before
for round in 1 2 3 4 5 6; do
  rm -rf torn && cp -r both torn
  "$synlab" store prune torn --yes >/dev/null 2>&1 &
  prune=$!
  sleep "0.00$round"
  kill -KILL $prune 2>/dev/null
  wait $prune 2>/dev/null
  records torn >after
  expect "prune, killed: all records ($round)" cmp before after
done
"$synlab" store prune torn --yes >/dev/null 2>&1
expect 'prune, killed: the next one goes on' [ "$(ls torn/runs | grep -c 'tmp$')" = 0 ]

# records of another version of the numerics: their keys are made with its name
keyed() { printf '{"numerics":"%s","options":{"iterations":20,"method":"descent","net":[2,5,1],"points":20,"seed":10,"task":"boundary"}}' "$1" | sha256sum | cut -d' ' -f1; }
this=$(keyed 3)
expect 'numerics: that is how keys are made' grep -q "$this" A/runs/*.jsonl
cp -r A numerics
line=$(grep -h "$this" A/runs/*.jsonl | sed "s/$this/$(keyed 1)/g; s/,\"sha256.*//")
printf '%s,"sha256":"%s"}\n' "$line" "$(printf %s "$line" | sha256sum | cut -d' ' -f1)" >numerics/runs/1.jsonl
check 'numerics: they stay' 0 'nothing is stale' "$synlab" store prune numerics
check 'numerics: unless they are meant' 0 '1  *[0-9]* bytes  of another numerics' \
  "$synlab" store prune numerics --other-numerics
check 'numerics: done' 0 '1 removed' "$synlab" store prune numerics --other-numerics --yes
check 'numerics: and no others' 0 '0 only in numerics, 0 only in A' "$synlab" store diff numerics A
check 'prune: two stores' 2 'one store at a time' "$synlab" store prune A B
check 'prune: misspelt' 2 "did you mean '--yes'" "$synlab" store prune --yse A
# ---- why
check 'why: all are there' 0 '5 runs in the store, 0 missing' "$synlab" store why runs.lua --out A
expect 'why: all are there: no line' lines 0
state A >before
export RUN_SEEDS=4
check 'why: another seed' 0 'seed 4: unlike [0-9a-f]\{12\} in seed (4 here, [123] there)$' \
  "$synlab" store why runs.lua --out x --store A
expect 'why: only that' lines 1
expect 'why: kinds' says '^1 run: seed differs$'
expect 'why: the others are counted' says '5 runs in the store, 1 missing'
export RUN_SEEDS=3 RUN_ITERATIONS=30
check 'why: another option' 0 'descent\|none seed 10: unlike .* in iterations (30 here, 20 there)$' \
  "$synlab" store why runs.lua --store=A
expect 'why: each run' lines 5
expect 'why: one kind' says '^5 runs: iterations differs$'
sed 's/{ method = "descent", seed = 10 }/{ method = "descent", seed = 10, rate = 0.05 }/' runs.lua >kinds.lua
check 'why: kinds' 0 '^4 runs: iterations differs$' "$synlab" store why kinds.lua --store=A
expect 'why: another kind' says '^1: iterations, rate differ$'
check 'why: a line each as before' 0 'descent\|none seed 10: unlike' "$synlab" store why runs.lua --store=A
expect 'why: fewest differences' [ "$(grep -c 'in iterations (30 here, 20 there)$' stdout)" = 5 ]
unset RUN_ITERATIONS RUN_SEEDS
sed 's/s.a\[1\]/-s.a[1]/' keep.lua >other.lua && mv keep.lua keep.before && mv other.lua keep.lua
check "why: another rule's text" 0 'unlike .* in policy.text (.*sha256 [0-9a-f]\{12\} here, .*sha256 [0-9a-f]\{12\} there)$\|in policy.text (return .* there)$' \
  "$synlab" store why runs.lua --out A
expect 'why: of that rule alone' lines 1
mv keep.before keep.lua
state A >after
expect 'why: nothing is computed or written' cmp before after
mkdir -p version/runs
printf '%s,"sha256":"%s"}\n' "$line" "$(printf %s "$line" | sha256sum | cut -d' ' -f1)" >version/runs/1.jsonl
check 'why: another version of the numerics' 0 'seed 10: unlike .* in numerics (3 here, 1 there)$' \
  "$synlab" store why runs.lua --out version
expect 'why: another version, among the kinds' says 'another version (numerics)'
first=$(sed -n '1s/^{"key":"\([0-9a-f]*\)".*/\1/p' broken/runs/*.jsonl)
check 'why: damaged' 0 "^$(echo "$first" | cut -c1-12) .*: broken/runs/.*:1: this record is damaged$" \
  "$synlab" store why runs.lua --out broken
expect 'why: damaged, among the kinds' says 'damaged records$'
check 'why: no store' 2 'store why: nowhere/runs: no run store' "$synlab" store why runs.lua --out nowhere
expect 'why: no store: one line' [ "$(cat stdout stderr | wc -l)" = 1 ]
check 'why: no store there' 2 'store why: nowhere/runs: no run store' "$synlab" store why runs.lua --store nowhere
mkdir -p empty/runs
check 'why: an empty store' 0 'there is no record to compare it with' "$synlab" store why runs.lua --out empty
expect 'why: an empty store: of what kind' says '^5 runs: no record to compare with$'
expect 'why: no store is made' test ! -e nowhere
two_classes one && two_classes two && cp two/A/1.png two/B/5.png
cat >images.lua <<'LUA'
require "synlab".run({ { task = "images", data = os.getenv "IMAGES", method = "descent", iterations = 2, net = { 784, 2 },
  batch_size = 0, seed = 1 } }, { title = "images" })
LUA
IMAGES=one "$synlab" run images.lua --out images 2>stderr || wrong 'images'
IMAGES=two check 'why: other images' 0 'in images ([0-9a-f]* here, [0-9a-f]* there)$' \
  "$synlab" store why images.lua --out images
check 'why: a page' 0 '4 runs in the store, 0 missing' "$synlab" store why page.lua --store apart
check 'why: no script' 2 'no script' "$synlab" store why --out A
check 'why: a wrong script' 2 'nothing.lua' "$synlab" store why nothing.lua --out A
check 'why: misspelt' 2 "did you mean '--store'" "$synlab" store why runs.lua --stroe A
check 'list takes no --out' 2 'no option is named' "$synlab" store list --out A
finish

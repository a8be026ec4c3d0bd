#!/bin/sh
# Runs that leave the machine: `synlab plan` by xargs, make and GNU parallel, in stages, from folders
# with awkward names; the file of a plan, and those of older versions; `synlab work` on what it is
# given; `synlab merge` of stores. Whatever computes
# them, the records are those of `synlab run`.
#
#   plan.sh SYNLAB
. "$(dirname "$0")/../lib.sh"
synlab=$1
mkdir "$work/a b" && cd "$work/a b" || exit 1
export HOME="$work" XDG_CACHE_HOME="$work/cache" # no images of this machine

printed() { [ "$(wc -l <"$work/stdout")" = "$1" ]; }
silent() { [ ! -s "$work/stdout" ]; }

# Byte for byte.
same_store() { same_records "$1" "$2"; }

options='task = "boundary", iterations = 60, points = 50'
cat >first.lua <<LUA
local lab = require "experiment"
print "a script may print"
return lab.chapter {
  id = "first", title = "The first",
  runs = lab.sweep { $options, seeds = 2,
    lab.synaptic { policy = { lab.qtable { history = 2 }, lab.rule("policies/rules/win_stay.lua") },
      epsilon = 0.25 } },
  provides = function(results) return results[1].policies.final end,
  function(results) return ("%d runs"):format(#results) end,
}
LUA
check 'the runs by the program alone' 0 'The first: 4 runs' "$synlab" run first.lua --out whole

# ---- the plan
check 'help' 0 '^usage: synlab plan' "$synlab" plan --help
check 'plan' 0 '^4 runs to compute' "$synlab" plan first.lua --out "it's \$x"
expect 'a line a run, and what the script prints is none' printed 4
cp "$work/stdout" lines
expect 'a plan computes nothing' test ! -e "it's \$x/runs"
expect 'and writes no page' test ! -e "it's \$x/first.md"
check 'the same plan again' 0 . "$synlab" plan first.lua --out "it's \$x"
expect 'in the same order' cmp -s "$work/stdout" lines
expect 'one file, and the same' test "$(ls "it's \$x/plan" | wc -l)" = 1

# ---- who runs it: from another folder
check 'xargs' 0 . sh -c 'cd / && xargs -d "\n" -n 1 -P 2 sh -c' <lines
expect 'xargs: the same records' same_store "it's \$x" whole
check 'nothing is missing' 0 'No run is missing' "$synlab" plan first.lua --out "it's \$x"
expect 'so nothing is printed' silent
check 'the page takes the records' 0 '4 of them kept' "$synlab" run first.lua --out "it's \$x"
check 'a run that is there' 0 'kept from before' sh -c "$(head -n 1 lines)"

if command -v parallel >/dev/null; then
  "$synlab" plan first.lua --out 'by; parallel' >lines 2>/dev/null
  check 'GNU parallel' 0 . sh -c 'cd / && parallel --will-cite -j 2' <lines
  expect 'GNU parallel: the same records' same_store 'by; parallel' whole
else
  echo 'SKIPPED: GNU parallel is not installed'
fi

"$synlab" plan first.lua --out made >/dev/null 2>&1
cat >runs.mk <<'MAKE'
all: $(addprefix run.,$(shell seq 4))
run.%:
	$(SYNLAB) work made/plan/first-*.jsonl $*
MAKE
check 'make' 0 . make -f runs.mk -j 2 SYNLAB="$synlab"
expect 'make: the same records' same_store made whole

# ---- two machines that share no folder, and their stores joined
"$synlab" plan first.lua --out half1 >/dev/null 2>&1
cp -r half1 half2
check 'runs by their numbers' 0 '2 runs of a plan: 2 runs' "$synlab" work half1/plan/*.jsonl 3 1
cp half1/plan/*.jsonl elsewhere.jsonl && mkdir -p c/d && cp elsewhere.jsonl c/d/
check 'a plan that was taken elsewhere' 0 'records are in .*a b/c/d/runs' "$synlab" work c/d/elsewhere.jsonl 1
expect 'has its records beside it' test -d c/d/runs -a ! -e c/runs
cp -r half1 all
check 'without numbers: all runs' 0 '4 runs of a plan: 4 runs, 2 of them kept' "$synlab" work all/plan/*.jsonl
expect 'without numbers: the same records' same_store all whole
check 'runs as a task' 0 'task 2/2: 2 runs' "$synlab" work half2/plan/*.jsonl --task 2/2 --jobs 2
check 'merge' 0 '^half2: 2 records, 2 copied' "$synlab" merge half1 half2 --out joined
expect 'merge: the same records' same_store joined whole
check 'merge again' 0 '^half1: 2 records, 0 copied, 2 there already' "$synlab" merge half1 --out joined
check 'other times are no other results' 0 '0 copied, 4 there already, 0 different' \
  "$synlab" merge whole --out joined
cp "$work/stdout" before

# reseal FILE: makes the digests of its lines right again
reseal() {
  sed 's/,"sha256":"[0-9a-f]*"}$//' "$1" >unsealed
  while IFS= read -r line; do
    printf '%s,"sha256":"%s"}\n' "$line" "$(printf %s "$line" | sha256sum | cut -d' ' -f1)"
  done <unsealed >"$1"
}
# whole in one pack, with its keys in order
mv whole apart && "$synlab" merge apart --out whole >/dev/null
pack=$(ls whole/runs | grep 'jsonl$')
cp -r whole other
reseal "other/runs/$pack"
expect 'records sealed again are the same' cmp -s "other/runs/$pack" "whole/runs/$pack"
sed -i '2s/"iterations":60,"key"/"iterations":61,"key"/' "other/runs/$pack"
reseal "other/runs/$pack"
check 'one key, two results' 1 "joined/runs/.*jsonl:[1-4] and other/runs/$pack:2: one key, two results" \
  "$synlab" merge other --out joined
expect 'neither is changed' same_store joined whole
as_before other 'other before'
check 'one key, two results, one in a file of before' 1 \
  "jsonl:[1-4] and other before/runs/[0-9a-f]*.json: one key, two results" \
  "$synlab" merge 'other before' --out joined
cp -r whole broken
printf x | dd of="broken/runs/$pack" bs=1 seek=100 conv=notrunc 2>/dev/null
check 'a damaged record is named' 1 "broken/runs/$pack:1: this record is damaged" \
  "$synlab" merge broken --out fresh
expect 'and the others are taken' test "$(n_records fresh)" = 3
check 'a damaged record is planned again' 0 '^1 run to compute' "$synlab" plan first.lua --out broken
check 'a damaged record is replaced' 0 'takes its place' "$synlab" merge whole --out broken
expect 'replaced' same_store broken whole
check 'no store' 2 'nowhere/runs: no run store' "$synlab" merge whole nowhere --out unmade
expect 'nothing was copied' test ! -e unmade
mkdir taken && touch taken/runs # no folder can be made there, whoever asks
check 'a store that cannot be written' 2 'taken/runs.*: cannot' "$synlab" merge whole half1 --out taken
expect 'none is said to be there' says '^whole: stopped at record 1 of 4: 0 copied, 0 there' "$work/stdout"
expect 'nor of the next' says '^half1: not begun$' "$work/stdout"
check 'a store that cannot be written, where nothing has to be' 0 '4 there already' \
  sh -c 'cp -r whole same && chmod a-w same/runs && "$0" merge whole --out same; s=$?; chmod u+w same/runs; exit $s' "$synlab"
one=$(head -n 1 whole/runs/*.jsonl | awk 'length > n { n = length } END { print n }')
check 'a disk that is full in the midst' 1 '^whole: stopped at record [234] of 4: [123] copied, 0 there already' \
  sh -c 'trap "" XFSZ; ulimit -f $(($2 * 2 / 512)); "$0" merge whole half1 --out "$1"' "$synlab" small "$one"
expect 'what was said to be copied is there' [ "$(n_records small)" = "$(sed -n 's/^whole:.*: \([0-9]*\) copied.*/\1/p' "$work/stdout")" ]
check 'no folder' 2 'which stores' "$synlab" merge
check 'merge, unknown flag' 2 "did you mean '--out'" "$synlab" merge whole --uot x

# ---- runs that follow from others
cat >next.lua <<LUA
local lab = require "experiment"
return lab.chapter {
  id = "next", title = "Next", uses_policy = true, needs = { "first" },
  runs = function(needs)
    return lab.sweep { $options, seeds = 3,
      lab.synaptic { policy = lab.table_policy(needs.first), epsilon = 0.25 } }
  end,
  function() return "" end,
}
LUA
cat >book.lua <<'LUA'
return require("experiment").book { name = "book", title = "Book", chapters = { "first", "next" } }
LUA
compute() { "$synlab" plan "$@" --out staged 2>/dev/null | xargs -d '\n' -n 1 sh -c 2>/dev/null; }
check 'stage 1' 0 'runs of next follow.*plan again' "$synlab" plan book.lua --out staged
expect 'stage 1 has the runs of the first chapter' printed 4
check 'stage 1, of the second alone' 0 'runs of next follow' "$synlab" plan next.lua --out staged
expect 'which begin with those of the first' printed 4
compute book.lua
check 'stage 2' 0 '^3 runs to compute' "$synlab" plan book.lua --out staged
compute book.lua
check 'no stage 3' 0 'No run is missing' "$synlab" plan book.lua --out staged
check 'the book takes the records' 0 'Book: 7 runs, 7 of them kept' "$synlab" run book.lua --out staged
for need in nowhere experiment next; do # no file; no chapter; itself
  sed "s/needs = { \"first\" }/needs = { \"$need\" }/" next.lua >"wrong_$need.lua"
done
sed 's/id = "first"/id = "first", needs = { "circle" }/' first.lua >first_of_two.lua
sed 's/needs = { "first" }/needs = { "first_of_two" }/; s/id = "next"/id = "circle"/' next.lua >circle.lua
check 'a need that is nowhere' 2 "chapter 'next': needs 'nowhere', and there is no such" "$synlab" run wrong_nowhere.lua --out w
check 'a need that is no chapter' 2 "needs 'experiment', which returns no chapter" "$synlab" run wrong_experiment.lua --out w
check 'a circle of needs' 2 'it needs itself: ' "$synlab" run circle.lua --out w
cat >plain.lua <<LUA
local s = require "synlab"
local policy = { name = "qtable" }
for seed = 1, 2 do s.run { { $options, method = "synaptic", seed = seed, policy = policy } } end
LUA
check 'a script of its own' 0 'stopped at its first missing runs' "$synlab" plan plain.lua --out p
expect 'up to its first missing runs' printed 1

# ---- images go by their digest
cat >images.lua <<'LUA'
require("synlab").run { { task = "images", method = "descent", iterations = 1, net = { 784, 2 },
  data = "some images" } }
LUA
two_classes 'some images'
"$synlab" plan images.lua --out i >lines 2>/dev/null
cp -r 'some images' copy && mv 'some images' away
check 'images that are gone' 2 'some images: No such file.*--data PATH' sh -c "$(cat lines)"
check 'the same images elsewhere' 0 '1 run' sh -c "$(cat lines) --data copy"
rm -r i/runs copy/A/4.png
check 'other images' 2 'copy: these are not the images of the plan' sh -c "$(cat lines) --data copy"
mv away 'some images'
check 'by an absolute path' 0 '1 run' sh -c "cd / && $(cat lines)"

# ---- a file: a line a run, of one width, and what runs share once
cat >shared.lua <<LUA
local lab = require "experiment"
return lab.chapter {
  id = "shared", title = "Shared",
  runs = lab.sweep { $options, seeds = 30, iterations = { 5, 1 },
    reward = { lab.reward("policies/rewards/paper.lua"), lab.reward("policies/rewards/scaled.lua") },
    lab.synaptic { policy = { lab.rule("policies/rules/win_stay.lua"),
      lab.rule("policies/rules/hebb.lua") }, epsilon = 0.25 } },
  "x",
}
LUA
check 'a plan with rules and rewards' 0 '^240 runs to compute' "$synlab" plan shared.lua --out s
expect 'its file' test "$(ls s/plan)" = "$(cd s/plan && ls shared-*.jsonl)"
file=$(ls s/plan/*.jsonl)
expect 'the lines of runs have one width' test "$(tail -n 240 "$file" | awk '{ print length }' | uniq -c | wc -l)" = 1
expect 'texts stand once' test "$(grep -c 'return rule' "$file")" = 2
short() { tail -n 240 "$file" | "$1" -n 120 | grep -c '"iterations":1[,}]'; } # the others are as the first
expect 'longest first' test "$(short head) $(short tail)" = '0 120'
check 'a run with a rule and a reward' 0 . "$synlab" work "$file" --task 1/24
"$synlab" run shared.lua --out r 2>/dev/null
check 'the same results' 0 '10 records, 0 copied, 10 there already' "$synlab" merge s --out r

# ---- many runs: one file all the same, and a run is found in it whatever becomes of the others
cat >grid.lua <<'LUA'
local lab = require "experiment"
local rates = {}
for i = 1, 100 do rates[i] = i / 1e4 end
return lab.chapter {
  id = "grid", title = "Grid",
  runs = lab.sweep { task = "boundary", iterations = 1, points = 50, rate = rates, seeds = 200,
    lab.synaptic { policy = lab.random() } },
  lab.study { name = "grid", title = "Grid", caption = "Grid.", over = { "rate" } }.table,
}
LUA
check 'twenty thousand runs' 0 '^20000 runs to compute' "$synlab" plan grid.lua --out grid
expect 'a line each' grep -q " work .*/grid-[0-9a-f]*.jsonl' 20000$" "$work/stdout"
expect 'one file' test "$(ls grid/plan | wc -l)" = 1
file=$(ls grid/plan/*.jsonl)
sed 's/"run":{/"run":[/' "$file" >others.jsonl
for line in 3 20000; do # but for these two lines
  sed -n "$(($(wc -l <"$file") - 20000 + line))p" "$file" |
    dd of=others.jsonl bs=1 seek=$(($(head -n $(($(wc -l <"$file") - 20000 + line - 1)) "$file" | wc -c))) \
      conv=notrunc 2>/dev/null
done
check 'two of them' 0 '2 runs of a plan: 2 runs' "$synlab" work others.jsonl 20000 3 --out grid
check 'another one' 2 'others.jsonl: no plan, or damaged' "$synlab" work others.jsonl 4 --out grid

# ---- a file of an older version, with one run
cat >old.lua <<LUA
local s = require "synlab"
local function json(value)
  if type(value) == "string" then return '"' .. value .. '"' end
  if type(value) == "number" then return ("%.17g"):format(value) end
  local list = {}
  for _, item in ipairs(value) do list[#list + 1] = json(item) end
  if #list > 0 then return "[" .. table.concat(list, ",") .. "]" end
  for name, item in pairs(value) do list[#list + 1] = ('"%s":%s'):format(name, json(item)) end
  return "{" .. table.concat(list, ",") .. "}"
end
local run = s.specs({ { $options, method = "synaptic",
  policy = { name = "explore", epsilon = 0.25, inner = { name = "qtable" } } } }, "old")[1]
s.write("plan/" .. run.key .. ".json", ('{"key":"%s","numerics":"%s","run":%s}'):format(run.key,
  s.versions().numerics, json(run.spec)))
LUA
check 'a file of an older version' 0 '' "$synlab" run old.lua --out old
old=$(ls old/plan/*.json)
check 'is computed' 0 '1 run' "$synlab" work "$old"
check 'also by its only number' 0 'kept from before' "$synlab" work "$old" 1
check 'and has no other' 2 'there is no run 2' "$synlab" work "$old" 2
sed 's/"seed":[0-9]*/"seed":77/' "$old" >edited.json
check 'a changed run' 2 'edited.json: changed since it was planned' "$synlab" work edited.json --out bad
sed 's/}}*$//' "$old" >edited.json
check 'a cut run' 2 'edited.json: no plan, or damaged' "$synlab" work edited.json --out bad
sed 's/"key"/"kay"/' "$old" >edited.json
check 'a run without a key' 2 'edited.json: no run of a plan' "$synlab" work edited.json --out bad

# ---- several plans, one after the other, whatever one of them is
sed 's/seeds = 2/seeds = 1/' first.lua >fewer.lua
plans() { rm -rf several && for script in first fewer; do
  "$synlab" plan $script.lua --out several "$@" >/dev/null 2>&1
done; }
plans
check 'several plans' 0 '^first-[0-9a-f]*.jsonl: 4 runs, 2 of them kept' "$synlab" work several/plan/*.jsonl
expect 'several plans: the other one' says '^fewer-[0-9a-f]*.jsonl: 2 runs, 0s$'
expect 'several plans: the same records' same_store several whole
check 'several plans: done before' 0 '4 of them kept' "$synlab" work several/plan/*.jsonl
plans && head -c 100 several/plan/fewer-*.jsonl >several/plan/a.jsonl
check 'several plans, one of them damaged' 2 'a.jsonl: no plan, or damaged' "$synlab" work several/plan/*.jsonl
expect 'several plans, one of them damaged: the others are done' same_store several whole
plans --store told
check 'several plans: a task' 0 "^fewer-.*: it has no run for --task 4/4" "$synlab" work several/plan/*.jsonl --task 4/4
expect 'several plans: of each the share, and where that says' [ "$(n_records told)" = 1 -a ! -e several/runs ]
check 'several plans: each has its store' 0 'records are in .*half1/runs' \
  "$synlab" work half1/plan/*.jsonl several/plan/fewer-*.jsonl
expect 'several plans: the other store' says 'records are in .*told/runs'

# ---- plans of the past
plans
check 'plans of the past: none' 0 '^several: nothing is stale' "$synlab" store prune several
"$synlab" work several/plan/first-*.jsonl --task 1/2 2>/dev/null
"$synlab" work several/plan/fewer-*.jsonl 2>/dev/null
first=$(ls several/plan/first-*.jsonl) fewer=$(ls several/plan/fewer-*.jsonl)
check 'plans of the past: one' 0 "^$fewer: a plan whose 2 runs are done$" "$synlab" store prune several
expect 'plans of the past: counted' says "^ *1  *$(wc -c <"$fewer") bytes  plans whose runs are all done$" "$work/stdout"
expect 'plans of the past: only said' test -e "$fewer"
check 'plans of the past: removed' 0 '^several: 1 removed' "$synlab" store prune several --yes
expect 'plans of the past: the other stays' [ "$(ls several/plan | wc -l)" = 1 -a -e "$first" ]
"$synlab" work several/plan/*.jsonl 2>/dev/null && cp old/plan/*.json several/plan
check 'plans of the past: also those of before' 0 '.json: a plan whose 1 run is done$' "$synlab" store prune several
sed -i 2d "$(ls several/runs/*.jsonl | head -1)"
check 'plans of the past: a record that went' 0 '' "$synlab" store prune several --yes
expect 'plans of the past: keeps its plan' [ -e "$first" ]
plans --store past
check 'plans of another store' 0 '^several: nothing is stale' "$synlab" store prune several
"$synlab" work several/plan/*.jsonl 2>/dev/null
head -c 100 several/plan/fewer-*.jsonl >several/plan/a.jsonl
cp several/plan/first-*.jsonl kept.jsonl
ln -s "$PWD/kept.jsonl" several/plan/linked.jsonl
check 'plans of another store, which has their records' 1 'several: 2 removed' "$synlab" store prune several --yes
expect 'a link is told' says 'several/plan/linked.jsonl: it is a symbolic link; it is left alone'
expect 'what is no plan is told' says 'several/plan/a.jsonl: no plan, or damaged.*; it is left alone'
expect 'and is left alone' [ "$(echo $(ls several/plan))" = 'a.jsonl linked.jsonl' ]
plans && "$synlab" work several/plan/*.jsonl 2>/dev/null && printf x >"several/runs/$(printf %064d 0).checkpoint"
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
  chown -R 65534 several && chown 0 several/plan && chmod 755 several/plan
  check 'plans that cannot be removed' 1 'several: 1 removed' \
    setpriv --reuid 65534 --clear-groups "$synlab" store prune several --yes
  expect 'plans that cannot be removed are told' says 'several/plan/first-.*: Permission denied; it is left alone'
  expect 'and what else is stale goes' [ ! -e "several/runs/$(printf %064d 0).checkpoint" ]
fi

# ---- what can be wrong
plan=$(ls half1/plan/*.jsonl)
edit() { sed "$1" "$plan" >edited.jsonl; }
edit 's/"points":50/"points":60/'
check 'a changed option' 2 'edited.jsonl, run 4: changed since it was planned' \
  "$synlab" work edited.jsonl 4 --out bad
edit 's/win-stay/win-plus/'
for number in 1 2 3 4; do "$synlab" work edited.jsonl $number --out changed; done 2>"$work/stderr"
expect 'a changed rule' test "$(grep -c 'changed since it was planned' "$work/stderr")" = 2
edit 's/"numerics":"2"/"numerics":"0"/'
check 'another numerics' 2 "planned with numerics '0'" "$synlab" work edited.jsonl 1 --out bad
edit '1s/^{"plan":1/{"plan":2/'
check 'a later version' 2 'of a later version' "$synlab" work edited.jsonl 1 --out bad
edit '1s/"width":/"widht":/'
check 'a head that says nothing' 2 'does not say where' "$synlab" work edited.jsonl 1 --out bad
edit 's/\("like":\[[0-9]*,\)./\19/'
check 'what is shared is somewhere else' 2 'edited.jsonl: no plan, or damaged' \
  "$synlab" work edited.jsonl 1 --out bad
edit 's/"run":{/"run":[/'
check 'a damaged line' 2 'edited.jsonl: no plan, or damaged' "$synlab" work edited.jsonl 1 --out bad
edit '$s/$/ /'
check 'longer than it was' 2 'longer or shorter' "$synlab" work edited.jsonl 1 --out bad
head -c -1 "$plan" >edited.jsonl
check 'a cut file' 2 'edited.jsonl: no plan, or damaged' "$synlab" work edited.jsonl 1 --out bad
head -c 100 "$plan" >edited.jsonl
check 'cut in its head' 2 'edited.jsonl: no plan, or damaged' "$synlab" work edited.jsonl 1 --out bad
: >edited.jsonl
check 'an empty file' 2 'edited.jsonl: no plan, or damaged' "$synlab" work edited.jsonl 1 --out bad
check 'another file' 2 'no plan, or damaged' "$synlab" work first.lua 1 --out bad
check 'no file' 2 'No such file' "$synlab" work nowhere/plan/x.jsonl 1
check 'no file named' 2 'which plan' "$synlab" work
for number in 0 -- -1 x 1.5 3x '' 99999999999999999999; do
  check "number '$number'" 2 '^synlab: ' "$synlab" work "$plan" "$number" --out bad
done
check 'several plans and a number' 2 "1: a number is one of a plan alone, and here are 2" \
  "$synlab" work "$plan" elsewhere.jsonl 1 --out bad
check 'a number between plans' 2 "'elsewhere.jsonl' is no number of a run" \
  "$synlab" work "$plan" 1 elsewhere.jsonl --out bad
check 'a plan that is not there' 2 'nothing.jsonl: No such file' \
  "$synlab" work "$plan" nothing.jsonl --out half3
expect 'a plan that is not there stops no other' [ "$(n_records half3)" = 4 ]
check 'behind the last run' 2 'there is no run 5; it has 4' "$synlab" work "$plan" 5 --out bad
check 'one of them behind the last run' 2 'there is no run 5' "$synlab" work "$plan" 1 5 --out bad
for task in 0/3 3 3/ /3 4/3 3/3/3 x/3 3/x 3.5/4 1/0; do
  check "task $task" 2 '^synlab: work: --task ' "$synlab" work "$plan" --task "$task" --out bad
done
check 'a task without runs' 2 'it has 4 runs' "$synlab" work "$plan" --task 5/5 --out bad
check 'a task and a number' 2 'so does' "$synlab" work "$plan" 1 --task 1/2 --out bad
check 'jobs' 2 'from 1 to 1024' "$synlab" work "$plan" 1 --jobs 0
check 'work, unknown flag' 2 "did you mean '--jobs'" "$synlab" work "$plan" 1 --job 2
check 'data without images' 2 'has no images' "$synlab" work "$plan" 1 --data copy --out bad
cat >failing.lua <<'LUA'
return rule { name = "failing", history = 1, init = function() return {} end,
  learn = function() error("enough") end, act = function() return 0 end }
LUA
sed "s|lab.rule(.*)|lab.rule(\"failing.lua\")|; s|lab.qtable { history = 2 }, ||; s|The first|F|" first.lua >fails.lua
"$synlab" plan fails.lua --out f >lines 2>/dev/null
check 'a run that fails' 1 'failed:.*enough' sh -c "$(head -n 1 lines)"
expect 'leaves no record' test "$(n_records f)" = 0
echo 'require("synlab").run { { task = "boundary", method = "synaptic" } }' >wrong.lua
check 'a wrong run' 2 'policy is missing' "$synlab" plan first.lua wrong.lua --out bad
expect 'nothing is printed' silent
check 'a bug in a script' 2 'bug.lua:1' sh -c 'echo "print(x.y)" >bug.lua; "$0" plan bug.lua' "$synlab"
check 'plan --fresh' 2 'fresh has no use' "$synlab" plan first.lua --fresh --out bad
check 'plan, unknown flag' 2 "plan: .*did you mean '--seeds'" "$synlab" plan first.lua --sedes 2
check 'plan, no script' 2 'plan: no script' "$synlab" plan --slurm
check 'a line break' 2 'line break' "$synlab" plan first.lua --out 'x
y'
expect 'wrong input has written nothing' test ! -e bad
check 'stdout is full' 1 'stdout: cannot be written' sh -c '"$0" plan first.lua --out o >/dev/full' "$synlab"

# ---- a job array, without Slurm: a task a line, and at most so many tasks
"$synlab" plan --slurm --task-seconds 0 first.lua --out 'job array' >job.sh 2>/dev/null
expect 'four tasks' grep -q '^#SBATCH --array=1-4$' job.sh
expect 'a limit' grep -q '^#SBATCH --time=0-00:[0-9][0-9]:00$' job.sh
expect 'a signal before it' grep -q '^#SBATCH --signal=B:USR1@120$' job.sh
expect 'it may be queued again' grep -q '^#SBATCH --requeue$' job.sh
expect 'the command for the records' grep -q "synlab run first.lua --out 'job array'$" job.sh
for task in 1 2 3 4; do SLURM_ARRAY_TASK_ID=$task sh job.sh 2>/dev/null || wrong "task $task"; done
expect 'a job array: the same records' same_records 'job array' whole
check 'a task without a number' 2 'SLURM_ARRAY_TASK_ID' sh job.sh
for task in 0 5 x; do
  check "no such task: $task" 2 "--task" env SLURM_ARRAY_TASK_ID=$task sh job.sh
done
check 'the task that is too high' 2 'there is no task 5 of 4' env SLURM_ARRAY_TASK_ID=5 sh job.sh
mv 'job array/plan' elsewhere
check 'a plan that is not seen' 2 'this node does not see it' env SLURM_ARRAY_TASK_ID=1 sh job.sh
cat >many.lua <<'LUA'
local runs = {}
for seed = 1, 1003 do
  runs[seed] = { task = "boundary", method = "synaptic", iterations = 0, points = 8, seed = seed,
    policy = { name = "random" } }
end
require("synlab").run(runs)
LUA
"$synlab" plan --slurm --task-seconds=0 many.lua --out many >job.sh 2>/dev/null
expect 'a thousand tasks' grep -q '^#SBATCH --array=1-1000$' job.sh
check 'a task of two runs' 0 'task 3/1000: 2 runs' env SLURM_ARRAY_TASK_ID=3 sh job.sh
expect 'both are there' test "$(n_records many)" = 2
"$synlab" plan --slurm --task-seconds 0 --tasks 7 many.lua --out many >job.sh 2>/dev/null
expect 'seven tasks' grep -q '^#SBATCH --array=1-7$' job.sh
expect 'run takes none of these options' grep -q 'synlab run many.lua --out many$' job.sh
check 'the seventh' 0 'task 7/7: 143 runs' env SLURM_ARRAY_TASK_ID=7 sh job.sh
"$synlab" plan --slurm --task-seconds 1e6 many.lua --out many >job.sh 2>/dev/null
expect 'short runs in one task' grep -q '^#SBATCH --array=1-1$' job.sh
check '--tasks alone' 2 '--tasks goes with --slurm' "$synlab" plan --tasks 3 first.lua --out bad
check '--task-seconds alone' 2 '--task-seconds goes with --slurm' \
  "$synlab" plan --task-seconds 3 first.lua --out bad
check '--tasks 0' 2 'from 1 to' "$synlab" plan --slurm --tasks 0 first.lua --out bad
"$synlab" plan --slurm fails.lua --out unknown >job.sh 2>/dev/null
expect 'a trial that fails: no limit' sh -c '! grep -q "^#SBATCH --time" job.sh'
expect 'and it is said' grep -q 'could not be told' job.sh

# ---- its signals: what Slurm sends to the script, and to all of its processes
cat >long.lua <<'LUA'
require("synlab").run { { task = "boundary", method = "synaptic", points = 200, iterations = 1e6,
  curve_every = 1000, policy = { name = "explore", epsilon = 0.25, inner = { name = "qtable" } } } }
LUA
mkdir bin
printf '#!/bin/sh\necho "$@" >>requeued\n' >bin/scontrol
chmod +x bin/scontrol
"$synlab" plan --slurm long.lua --out long >job.sh 2>/dev/null
# turn SIGNALS RESTARTS: a task that gets them when it computes; its exit status
turn() {
  rm -f requeued long/runs/*.checkpoint
  PATH="$work/a b/bin:$PATH" SLURM_ARRAY_JOB_ID=12 SLURM_ARRAY_TASK_ID=1 SLURM_RESTART_COUNT=$2 \
    setsid sh job.sh >"$work/stdout" 2>"$work/stderr" &
  script=$!
  while kill -0 $script 2>/dev/null; do
    for program in $(children $script) $script; do break; done # the script alone has no grandchildren
    [ $program = $script ] || [ -z "$(children "$program")" ] || break
    sleep 0.05
  done
  sleep 0.3
  for signal in $1; do kill -"${signal#all-}" "$(case $signal in all-*) printf -- - ;; esac)$script"; done
  wait $script
}
stopped() { [ "$1" = 138 ] || [ "$1" = 143 ]; }
turn USR1 0
expect 'near the limit: status' [ $? = 138 ]
expect 'near the limit: a checkpoint' [ "$(ls long/runs/*.checkpoint | wc -l)" = 1 ]
expect 'near the limit: another turn' [ "$(cat requeued)" = 'requeue 12_1' ]
turn USR1 20
expect 'the twentieth turn was the last' [ $? = 138 ] && expect 'none follows' [ ! -e requeued ]
for signal in TERM all-TERM all-USR1 'all-TERM TERM' 'TERM all-TERM'; do
  turn "$signal" 0
  got=$?
  expect "$signal: status $got" stopped $got
  expect "$signal: a checkpoint" [ "$(ls long/runs/*.checkpoint | wc -l)" = 1 ]
  case $signal in *TERM) expect "$signal: Slurm's to queue it again" [ ! -e requeued ] ;; esac
done

finish

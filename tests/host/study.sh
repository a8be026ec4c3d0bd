#!/bin/sh
# Chapters and studies of one's own as a person writes them: what is wrong is told before anything
# runs, what is shown can be repeated, and errors stand in the words of the script.
#
#   study.sh SYNLAB
. "$(dirname "$0")/../lib.sh"
synlab=$1

# refused NAME PATTERN: NAME.lua ends with 2 and one line, and nothing of it has run
refused() {
  "$synlab" run "$1.lua" --out "refused-$1" >log 2>&1
  [ $? -eq 2 ] || wrong "$1: not refused: $(cat log)"
  grep -q -- "$2" log || wrong "$1: no '$2' in: $(cat log)"
  [ "$(wc -l <log)" -eq 1 ] || wrong "$1: more than a line: $(cat log)"
  ls "refused-$1/runs" >/dev/null 2>&1 && wrong "$1: something ran"
}

# study NAME KEYS: a study of two histories with these keys
study() {
  cat >"$1.lua" <<EOF
local lab = require "experiment"
local study = lab.study { name = "$1", title = "T", caption = "C.", $2 }
return lab.chapter { id = "$1", title = "T",
  runs = lab.sweep { lab.set { task = "boundary", iterations = 20, points = 20 },
    lab.synaptic { policy = lab.qtable { history = { 1, 2 } }, epsilon = 0.25 }, seeds = 2 },
  study.figure, study.table, study.words }
EOF
}

# chapter NAME KEYS: a chapter of one run with these keys and items
chapter() {
  cat >"$1.lua" <<EOF
local lab = require "experiment"
return lab.chapter { id = "$1", title = "T", runs = lab.sweep { lab.descent {},
  lab.set { task = "boundary", iterations = 5, points = 20 } },
  $2 }
EOF
}

over='over = { "policy.history" }'

# ---- studies
study metric "$over, metric = 'train.acuracy'"
refused metric "did you mean 'train.accuracy'"
study path 'over = { "policy.histroy" }'
refused path "no run has 'policy.histroy'.* did you mean 'policy.history'"
study spelt2 "$over, reference = { ['policy.history'] = '2' }"
refused spelt2 "its reference has policy.history = '2', a string; the runs have a number"
chapter titled 'lab.figure { name = "f", title = "On ${x}", caption = "C.", panels = function() end }'
refused titled 'the text has ${x}, which no number is named'
study far 'over = { "policy.flip" }'
refused far "no run has 'policy.flip', which stands in over; the runs differ in policy.history"
study twice 'over = { "policy.history", "policy.history" }'
refused twice "'policy.history' twice"
study reference "$over, reference = { ['policy.history'] = 7 }"
refused reference "no run has policy.history = 7, as its reference does; there are 1, 2"
study partly "over = { 'policy.history', 'rate' }, reference = { ['policy.history'] = 2 }"
refused partly "its reference has no value of rate; there is 0.001"
cat >corner.lua <<'EOF'
local lab = require "experiment"
local study = lab.study { name = "corner", title = "T", caption = "C.", over = { "rate", "points" },
  reference = { rate = 1, points = 20 } }
return lab.chapter { id = "corner", title = "T", study.table, runs = lab.sweep { lab.descent {},
  lab.set { task = "boundary", iterations = 5 }, lab.zip { rate = { 1, 2 }, points = { 10, 20 } } } }
EOF
refused corner "no run has all values of its reference at once (rate = 1, points = 20); there are 1, 10; 2, 20"
study missing 'over = { "rate" }'
refused missing 'leaves out what differs: policy.history'
study threshold "$over, threshold = 95"
refused threshold 'train.accuracy goes from 0 to 1'
study neither "$over, metric = 'synapses', threshold = 5"
refused neither 'neither more nor less'
study share "$over, metric = 'train.loss', percent = true"
refused share 'train.loss is no share'
study validation "$over, metric = 'validation.accuracy'"
refused validation "none of its runs is on images; there is 'train.accuracy'"
study labels "$over, labels = { ['policy.histroy'] = 'n' }"
refused labels "labels has policy.histroy, which is not varied; over has policy.history"
study picture "$over, picture = 'heat'"
refused picture "is over two options, not over 1"
study differences "$over, picture = 'forest'"
refused differences 'differences to a reference, and there is none'
study names "over = { 'policy.name', 'policy.history' }, picture = 'line'"
refused names 'a line is drawn over numbers'
study typed "$over, percent = 'false'"
refused typed "study 'typed': percent is a string; it is true or false"
study named "$over, labels = { ['policy.history'] = 5 }"
refused named "labels, policy.history is a number; it is a string"
study nought "$over, records = function() end"
refused nought "study 'nought': its function records gives nil; it is to give a list of the chapter's runs"
study grouped "$over"
sed 's/runs = \(.*\)/runs = { part = \1/; s/seeds = 2 },/seeds = 2 } },/' grouped.lua >groups.lua
refused groups "the chapter's runs have names (part).*records = function(results) return results.part end"
study plain 'over = { "epsilon" }, reference = { epsilon = 0.25 }'
sed 's/history = { 1, 2 }/history = 1/; s/epsilon = 0.25 }, seeds/epsilon = { 0.1, 0.25 } }, seeds/' plain.lua >epsilon.lua
"$synlab" run epsilon.lua 2>log && grep -q '^| 0.25 .*reference' reports/plain.md || wrong "epsilon: $(cat log)"
study own "over = { { name = 'a', of = function(r) return r.spek.rate end } }"
"$synlab" run own.lua --out refused-own >log 2>&1
[ $? -eq 2 ] && grep -q '^synlab: own.lua:2: attempt to index a nil value' log || wrong "own: $(cat log)"
ls refused-own/runs >/dev/null 2>&1 && wrong 'own: something ran'
study measured "over = { { name = 'a', of = function(r) return r.train.accuracy > 2 end }, 'policy.history' }"
"$synlab" run measured.lua 2>log || wrong "measured: $(cat log)"
study constant 'over = { "policy.history", "rate" }'
"$synlab" run constant.lua 2>log && grep -q "rate is 0.001 in every run" log || wrong "constant: $(cat log)"

# ---- a loss: the smallest is the best, and it is reached from above
cat >loss.lua <<'EOF'
local lab = require "experiment"
local study = lab.study { name = "loss", title = "T", caption = "C.", over = { "rate" },
  metric = "train.loss", threshold = 5, reference = { rate = 0.001 } }
return lab.chapter { id = "loss", title = "T",
  runs = lab.sweep { lab.set { task = "boundary", iterations = 50, points = 50,
    rate = { 0.001, 1000 }, output = "identity" }, lab.descent {}, seeds = 3 },
  study.figure, study.table, study.words }
EOF
"$synlab" run loss.lua 2>log || wrong "loss: $(cat log)"
grep -q 'Best on average: rate 0.001' reports/loss.md || wrong 'loss: the best is not the smallest'
grep -q '^| 0.001 .*100 % (44 to 100)' reports/loss.md || wrong 'loss: not reached from above'
grep -q '^| 1000 ' reports/loss.md || wrong 'loss: the diverged cell has no row'
grep -q '[+−]0\.00 ' reports/loss.md && wrong "loss: too few digits: $(grep '^|' reports/loss.md)"

# ---- chapters
chapter escape 'lab.table { name = "../x", title = "T", caption = "C.", columns = { "a" },
  rows = function() return {} end }'
refused escape "name = '../x'"
chapter pair 'lab.figure { name = "x", title = "T", caption = "C.", panels = function() end },
  lab.figure { name = "x", title = "T", caption = "C.", panels = function() end }'
refused pair "the same name, 'x.svg'"
chapter columns 'lab.table { name = "x", title = "T", caption = "C.", columns = {}, rows = print }'
refused columns 'columns is an empty list'
chapter align 'lab.table { name = "x", title = "T", caption = "C.", rows = print,
  columns = { { "a", align = "rihgt" } } }'
refused align "align = 'rihgt'"
chapter rows 'lab.table { name = "x", title = "T", caption = "C.", columns = { "a" } }'
refused rows 'it has no rows'
chapter seeds 'uses_seeds = "no"'
refused seeds 'uses_seeds is a string; it is true or false'
chapter wants 'needs = { 5 }'
refused wants 'needs, 1 is a number; it is a string'
chapter text '"Here is ${numbr}."'
refused text 'has ${numbr}'
chapter nothing 'results, "Prose."'
refused nothing 'one of its items is nil'
chapter swep 'lab.stduy { name = "x" }'
refused swep "swep.lua:[0-9]*: lab has no 'stduy'; did you mean 'study'"
grep -q traceback log && wrong "swep: more than a line: $(cat log)"
chapter finding 'finding = 5'
refused finding 'finding is a number'
sed 's/id = "finding"/id = "..\/..\/x"/; s/finding = 5//' finding.lua >outside.lua
refused outside 'it names files'
cat >again.lua <<'EOF'
local lab = require "experiment"
return lab.chapter { id = "again", title = "T", runs = lab.sweep { lab.descent {},
  lab.set { task = "boundary", iterations = 5, rate = { 0.1, 0.2, 0.1 } } } }
EOF
refused again 'rate has 0.1 twice'

# ---- claims of one's own
claim='own_claims = { { id = "fast", metric = "share", threshold = 0.1, at_least = 0.2,'
chapter judged "$claim judge = 'share', percent = true, show = '%.0f %%', quote = 'it is fast',
  answer = function(r) return lab.sample(r, 'train.accuracy') end } }"
"$synlab" run judged.lua 2>log || wrong "judged: $(cat log)"
grep -q '`fast` | “it is fast” .* 100 % .*(1 of 1 run[);]' reports/judged.md ||
  wrong "judged: $(grep fast reports/judged.md)"
grep -q '^fast,' reports/judged-claims.csv || wrong 'judged: no file of its claims'
chapter judge "$claim judge = 'shere', answer = print } }"
refused judge "did you mean 'share'"
chapter needs "own_claims = { { id = 'a', metric = 'm', judge = 'par', answer = print } }"
refused needs "needs delta"
chapter shown "$claim judge = 'share', percent = 'no', answer = print } }"
refused shown 'percent is a string; it is true or false'
chapter unread "$claim judge = 'share', delta = 0.1, answer = print } }"
refused unread "judge = 'share' does not read delta; it reads threshold and at_least"
chapter lower "$claim judge = 'lower', answer = print } }"
refused lower "judge = 'lower' does not read at_least; it reads no number, only the two samples"
chapter margin "own_claims = { { id = 'near', metric = 'loss', judge = 'par', delta = 0.05,
  answer = function(r) local all = lab.sample(r, 'train.loss') return { a = all, b = all } end } }"
"$synlab" run margin.lua 2>log && grep -q '`near` .* ±0.05 ' reports/margin.md ||
  wrong "margin: $(cat log) $(grep near reports/margin.md)"
chapter papers "own_claims = { { id = 'figure1.accuracy', metric = 'm', judge = 'lower', answer = print } }"
refused papers 'the id of a claim of the paper'

# ---- errors in the words of the script, text as it stands, failed runs by name
chapter error 'function(results)
    local function deep() return results[1].nothing.x end
    local x = deep()
    return x
  end'
"$synlab" run error.lua >log 2>&1 && wrong 'error: it passes'
grep -q '^synlab: error.lua:5: attempt to index' log || wrong "error: $(cat log)"
grep -q 'error.lua:6: in' log || wrong "error: no traceback: $(cat log)"
grep -q 'lib/' log && wrong "error: our modules are in the traceback: $(cat log)"
chapter misuse 'function(results) return lab.values(nil, "x") end'
"$synlab" run misuse.lua >log 2>&1
grep -q '^synlab: misuse.lua:4: ' log || wrong "misuse: $(cat log)"
for part in 'batch_size = 100' 'batch_size = 0'; do # of two options that go together both are told
  chapter whole ''
  sed "s/points = 20/points = 20, batch_interval = 10, $part/" whole.lua >interval.lua
  refused interval 'batch_size = 0.* batch_interval .*0'
done
chapter number 'function() return 5 end'
"$synlab" run number.lua >log 2>&1
grep -q 'item 1 (number.lua:4) gives a number' log || wrong "number: $(cat log)"
chapter verbatim 'function() return "one\ntwo\n\n- a\n  - b\n\n```sh\necho ${HOME}\n  x\n```\n" end'
"$synlab" run verbatim.lua 2>log || wrong "verbatim: $(cat log)"
printf 'one\ntwo\n\n- a\n  - b\n\n```sh\necho ${HOME}\n  x\n```\n' >expected
grep -A 9 '^one$' reports/verbatim.md | cmp -s - expected || wrong 'verbatim: the text is not as it was'
cat >bad.lua <<'EOF'
return rule { name = "bad", history = 1, params = { p = { default = 0, min = 0, max = 2, doc = "x" } },
  init = function() return { n = 0 } end,
  learn = function(m, t, p) m.n = m.n + 1; if p.p == 2 and m.n > 10 then error("boom") end end,
  act = function(s, p, m) return s.a[1] end }
EOF
cat >fails.lua <<'EOF'
local lab = require "experiment"
local study = lab.study { name = "fails", title = "F", caption = "c", over = { "policy.p" },
  reference = { ["policy.p"] = 2 } }
return lab.chapter { id = "fails", title = "F",
  runs = lab.sweep { lab.set { task = "boundary", iterations = 30, points = 20 },
    lab.synaptic { policy = lab.rule("bad.lua", { p = { 0, 1, 2 } }), epsilon = 0.25 }, seeds = 2 },
  study.figure, study.table, study.words }
EOF
"$synlab" run fails.lua >log 2>&1
[ $? -eq 1 ] || wrong "fails: $(cat log)"
grep -q '^- policy.p = 2, seed 1 failed: ' reports/fails.md || wrong 'fails: failed runs have no names'
grep -q 'F: run [0-9] of 6 (policy.p = 2, seed 1) failed: ' log || wrong "fails: they have none on stderr: $(cat log)"
grep -q 'The reference, p 2, has no measurement' reports/fails.md || wrong 'fails: the reference'
[ -s reports/figures/fails.svg ] && [ -s reports/fails.csv ] || wrong 'fails: no figure or no CSV'

# ---- modules of one's own have any name but those of the library's face
echo 'return { n = 41 }' >names.lua
echo 'print(require("names").n + 1, require "experiment" and "lab")' >own.lua
"$synlab" run own.lua >log 2>&1
grep -q '^42.lab$' log || wrong "a module of one's own: $(cat log)"

# ---- slips in names of what a chapter gets
slip() { # NAME PATTERN: the run fails with this line
  "$synlab" run "$1.lua" --out "slip-$1" >log 2>&1
  [ $? -eq 2 ] && grep -q -- "$2" log || wrong "$1: $(cat log)"
}
chapter field 'function(results) return results[1].train.acuracy end'
slip field "field.lua:[0-9]*: record.train has no 'acuracy'; did you mean 'accuracy'?"
chapter top 'function(results) return results[1].iteratons .. "" end'
slip top "a record has no 'iteratons'; did you mean 'iterations'?"
chapter option 'function(results) return results[1].spec.ponts .. "" end'
slip option "record.spec has no 'ponts'; did you mean 'points'?"
chapter named 'function(results) return #results.tow .. "" end'
sed -i 's/runs = lab.sweep/runs = { one = lab.sweep {lab.descent{}, lab.set {task = "boundary", iterations = 5, points = 20 } }, two = lab.sweep/; s/points = 20 } },$/points = 20 } } },/' named.lua
slip named "the results has no 'tow'; did you mean 'two'?"
chapter called 'lab.figure { name = "f", title = "T", caption = "C.", panels = function() end }()'
slip called "figure 'f': a figure is no function"
study unseeded 'over = { "policy.history" }'
sed -i 's/seeds = 2/seeds = "2"/' unseeded.lua
slip unseeded "seeds = '2'; it is a number of seeds or a list of them"
chapter rated '"Text."'
sed -i 's/iterations = 5/learning_rate = 5/' rated.lua
slip rated "chapter 'rated', run 1 of 1: no option is named 'learning_rate'; did you mean 'rate'?"
echo 'return rule { name = "x", history = 0, act = function() return 0 end }' >arule.lua
slip arule 'this file is a rule, no script: `synlab rule check FILE`'
chapter inside 'function(results) local none; return none.x end'
slip inside 'inside.lua:[0-9]*: attempt to index a nil value'
grep -q traceback log && wrong 'inside: the one place twice'

# ---- what shows nothing, and measurements that are not there
chapter silent 'function(results) local text = #results .. " runs" end'
"$synlab" run silent.lua --out silent >log 2>&1 || wrong "silent: $(cat log)"
grep -q "chapter 'silent': item 1, a function, returned nothing" log || wrong "silent: $(cat log)"
chapter values 'function(results) return #lab.values(results, "train.losss") .. "" end'
"$synlab" run values.lua --out values >log 2>&1
grep -q "lab.values: no measurement is named 'train.losss'; did you mean 'train.loss'" log ||
  wrong "values: $(cat log)"
chapter paths 'function(results) return lab.values(results, "curve.loss.1")[1] .. lab.values(results, "spec.seed")[1] end'
"$synlab" run paths.lua --out paths >log 2>&1 || wrong "paths: $(cat log)"

# ---- a claim of one's own that nothing can hold
chapter claim 'own_claims = { { id = "c", metric = "m", judge = "share", threshold = 60, at_least = 0.5,
  answer = function(results) return lab.sample(results, "train.accuracy") end } }, "Text."'
"$synlab" run claim.lua --out claim >log 2>&1
[ $? -eq 2 ] && grep -q 'claim c: threshold = 60: train.accuracy goes from 0 to 1' log || wrong "claim: $(cat log)"

# ---- a line that repeats it
again() {
  sed -n 's/^\*Repeat:\* `\([^`]*\)`.*/\1/p' "$1" | head -n 1
}
mkdir "it's here"
sed 's/"metric"/"place"/; s/train.acuracy/train.loss/; s/seeds = 2/seeds = lab.seeds()/' metric.lua \
  >"it's here/a study.lua"
"$synlab" run "it's here/a study.lua" --quick --seeds 3 --out first 2>log || wrong "place: $(cat log)"
command=$(again first/place.md)
echo "$command" | grep -q -- '--quick --seeds 3$' || wrong "place: $command"
"$synlab" run "it's here/a study.lua" --quick --policy nobody.csv --out second 2>log
[ "$(again second/place.md)" = "$(again first/place.md | sed 's/ --seeds 3//')" ] ||
  wrong "place: --policy changes nothing, but: $(again second/place.md)"
rm -rf reports reports-quick
sh -c "$command" 2>log || wrong "place: $command: $(cat log)"
untimed() { sed 's/ · [^·]* of computing//' "$1"; } # how long it took is another matter
[ "$(untimed first/place.md)" = "$(untimed reports-quick/place.md)" ] || wrong 'place: repeated, another page'

# ---- reduced is what --quick has changed: sizes that a script asks for, and how many seeds it has
# quick WHICH SIZE SEEDS WORDS...: with these words its page is reduced (yes), or it is told that it is not
quick() {
  cat >quick.lua <<EOF
local lab = require "experiment"
return lab.chapter { id = "quick", title = "T", runs = lab.sweep { lab.descent {}, task = "boundary",
  points = 20, iterations = $2, seeds = $3 }, function(results) return #results .. " runs." end }
EOF
  which="$1 $2 $3" reduced=$1
  shift 3
  "$synlab" run quick.lua --out quick "$@" 2>log || wrong "quick, $which: $(cat log)"
  [ $reduced = yes ] && { grep -q 'Reduced runs' quick/quick.md || wrong "quick, $which: not said"; }
  [ $reduced = yes ] || ! grep -q 'Reduced runs' quick/quick.md || wrong "quick, $which: said of whole runs"
  ! grep -q -- "--quick: nothing of" log || [ $reduced = no ] || wrong "quick, $which: $(cat log)"
}
quick yes 'lab.budget().split.seeds' 2 --quick
quick yes 5 'lab.seeds()' --quick
quick no 5 'lab.seeds()' --quick --seeds 3
quick no 5 2 --quick
quick no 5 'lab.seeds()'

# ---- images: --data is what runs use that name none, and a page names the sets that its runs are on
two_classes images
# pictures NAME DATA: a chapter of a run on images; DATA is empty or names a set
pictures() {
  cat >"$1.lua" <<EOF
local lab = require "experiment"
return lab.chapter { id = "$1", title = "T", runs = lab.sweep { lab.descent {}, lab.set {
  task = "images", net = { 784, $3 }, iterations = 1, $2 } },
  function(results) return "On " .. results[1].data.name .. "." end }
EOF
}
pictures unnamed '' 2
"$synlab" run unnamed.lua --data images --out first 2>log || wrong "unnamed: $(cat log)"
grep -q '^On images\.$' first/unnamed.md || wrong 'unnamed: --data is not what it runs on'
grep -q '^| Images .*| images: 8 images in 2 classes' first/unnamed.md || wrong 'unnamed: another set'
! grep -q 'Stand-in data\|Other images\|Built-in letters' first/unnamed.md || wrong 'unnamed: a notice of other images'
command=$(again first/unnamed.md)
rm -rf reports
sh -c "$command" 2>log && [ "$(untimed first/unnamed.md)" = "$(untimed reports/unnamed.md)" ] || wrong "unnamed: $command"
pictures bare '' 10
XDG_CACHE_HOME="$work/empty" "$synlab" run bare.lua --out first 2>log || wrong "bare: $(cat log)"
{ grep -q 'Built-in letters' first/bare.md && ! grep -q 'Stand-in data\|Other images' first/bare.md; } ||
  wrong 'bare: another notice than that of the built-in letters'
pictures small 'data = "images", batch_size = 100, batch_interval = 10' '32, 10'
refused small '8 images of 784 pixels in 2 classes do not fit these options; net = {784, 32, 2}, batch_size = 0, batch_interval = 0 would (6 images train)'
pictures named 'data = "letters"' 10
"$synlab" run named.lua --out first 2>log || wrong "named: $(cat log)"
grep -q '^| Images .*| letters: 12,339' first/named.md || wrong 'named: its set is not named'
"$synlab" run named.lua --data images --out refused-named >log 2>&1
[ $? -eq 2 ] && grep -q 'name their images themselves (letters), so --data images changes' log ||
  wrong "named: $(cat log)"
ls refused-named/runs >/dev/null 2>&1 && wrong 'named: something ran'
mkdir -p more/A more/B
cp images/A/* more/B
cp images/B/* more/A
pictures both 'data = { "more", "images" }' 2
"$synlab" run both.lua --out first 2>log || wrong "both: $(cat log)"
[ "$(grep -c '^| Images ' first/both.md)" -eq 2 ] || wrong 'both: not both sets are named'
cmake -E tar cf twin.tar images # the same set: its runs are known, and called what is asked for
pictures twin 'data = "twin.tar"' 2
"$synlab" run twin.lua --out first 2>log || wrong "twin: $(cat log)"
grep -q '^On twin\.tar\.$' first/twin.md || wrong 'twin: called what its runs were called before'
# sets NAME DATA: a study over sets of images
sets() {
  cat >"$1.lua" <<EOF
local lab = require "experiment"
local study = lab.study { name = "$1", title = "T", caption = "C.", over = { "data" } }
return lab.chapter { id = "$1", title = "T", runs = lab.sweep { lab.descent {}, lab.set {
  task = "images", net = { 784, 2 }, iterations = 1, data = $2 }, seeds = 1 },
  study.figure, study.table, study.words }
EOF
}
sets spelt '{ "images", "./images/" }'
refused spelt "two runs of seed 1 in the cell images"
sets packed '{ "images", "twin.tar" }'
refused packed "over has data: 'images' and 'twin.tar' are one set of images"
mkdir -p elsewhere/images
cp -r more/* elsewhere/images
sets namesakes '{ "images", "elsewhere/images" }'
refused namesakes "two sets are called 'images'; give one of them another name"
mkdir -p "it's here/pair"
cp -r images/* "it's here/pair"
pictures beside 'data = "pair"' 2
mv beside.lua "it's here"
"$synlab" run "it's here/beside.lua" --out beside 2>log || wrong "data beside the script: $(cat log)"
grep -q '^On pair\.$' beside/beside.md || wrong 'beside: another set'
sets single '{ "images", "more" }'
"$synlab" run single.lua --out single 2>log || wrong "single: $(cat log)"
grep -q 'Each cell has one seed' single/single.md || wrong 'single: nothing of chance is said'
"$synlab" run judged.lua --data images 2>log
grep -q -- "--data images: nothing of 'judged' asks for it" log || wrong "without images: $(cat log)"
cat >raw.lua <<'EOF'
print(require "synlab".run({ { task = "images", method = "descent", net = { 784, 2 },
  iterations = 1 } }, { title = "raw" })[1].data.name)
EOF
[ "$("$synlab" run raw.lua --data images 2>log)" = images ] || wrong "raw: $(cat log)"
finish

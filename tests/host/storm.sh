#!/bin/sh
# Two programs on one folder, ten times: pages, figures and manifest are those of one of them, whole,
# and nothing is left over. What killed programs leave is swept, and nothing else.
#
#   storm.sh SYNLAB
. "$(dirname "$0")/../lib.sh"
synlab=$1

whole() { # whole OUT
  "$synlab" verify "$1" >verified 2>&1 || { head -n 5 verified; return 1; }
  tail -n 1 verified | grep -q '^as written$' || return 1
}
no_leftovers() {
  found=$(find "$1" ! -type d ! -path '*/runs/*' ! -path '*/times/*' | grep -v '\.\(md\|html\|svg\|png\|csv\|csv.gz\|json\)$')
  [ -z "$found" ] || { echo "    left over: $found"; return 1; }
}

cat >storm.lua <<'LUA'
local lab = require "experiment"
local study = lab.study { name = "storm", title = "Storm", caption = "c",
  over = { "policy.history", "policy.epsilon" },
  reference = { ["policy.history"] = 2, ["policy.epsilon"] = 0.25 } }
return lab.chapter { id = "storm", title = "Storm",
  runs = lab.sweep { lab.set { task = "boundary", iterations = 300, points = 50, curve_every = 50 },
    lab.synaptic { policy = lab.qtable { history = { 1, 2 } }, epsilon = { 0.1, 0.25 } }, seeds = 2 },
  study.figure, study.table, study.words }
LUA
sed 's/"storm"/"gale"/g; s/Storm/Gale/g; s/iterations = 300/iterations = 350/' storm.lua >gale.lua

# ---- the same script, with other runs every third time; another script on the same folder
for pair in 1 2 3 4 5 6 7 8 9 10; do
  rm -rf out
  case $((pair % 3)) in
  0) other='gale.lua' ;;
  1) other='storm.lua' ;;
  2) other='storm.lua --seeds 3' ;;
  esac
  "$synlab" run storm.lua --out out --jobs 1 >/dev/null 2>first &
  one=$!
  "$synlab" run $other --out out --jobs 1 >/dev/null 2>second
  status=$?
  wait "$one"
  expect "pair $pair: both end well" [ "$? $status" = '0 0' ]
  expect "pair $pair: whole" whole out
  expect "pair $pair: no leftovers" no_leftovers out
  [ "$failed" = 0 ] || { cat first second; break; }
done
expect 'two scripts, two pages' [ "$(grep -c '^"storm": {\|^"gale": {' out/manifest.json)" = 1 ]
rm -rf out
"$synlab" run storm.lua --out out >/dev/null 2>&1 &
one=$!
"$synlab" run gale.lua --out out >/dev/null 2>&1
wait "$one"
"$synlab" verify out >verified 2>&1
expect 'two scripts on one folder: the first is in the manifest' says '^storm: ' verified
expect 'two scripts on one folder: the second too' says '^gale: ' verified

# ---- a script that ends with an error leaves what stood there before
printf 'local s = require "synlab"\ns.write("storm.md", "half")\nerror("no", 0)\n' >half.lua
"$synlab" run half.lua --out out >/dev/null 2>stderr
expect 'an error: the page of before stands' whole out

# ---- one output that cannot be written: a line, status 1, and the others are there
rm -rf out && mkdir -p out/storm.md
"$synlab" run storm.lua --out out >/dev/null 2>stderr
expect 'an output that cannot be written: status 1' [ $? = 1 ]
expect 'an output that cannot be written: a line' says '^synlab: out/storm.md: cannot be written' stderr
expect 'an output that cannot be written: one line' [ "$(grep -c '^synlab: ' stderr)" = 1 ]
expect 'an output that cannot be written: the others are' \
  [ -s out/storm.html -a -s out/figures/storm.svg -a -s out/manifest.json ]

# ---- leftovers: of dead processes they go, those of the living and files of other names stay
rm -rf out && mkdir -p out/figures out/runs out/times out/plan
for at in storm.md figures/storm.svg runs/0123.json times/0123 plan/0123.json; do
  : >"out/$at.synlab-99999-0.tmp"
done
: >out/mine.tmp
: >out/runs/live.json.synlab-99999-1.tmp
flock out/runs/live.json.synlab-99999-1.tmp sleep 60 &
holder=$!
sleep 0.2
"$synlab" run storm.lua --out out >/dev/null 2>stderr
expect 'leftovers are swept' [ "$(find out -name '*.synlab-99999-0.tmp' | wc -l)" = 0 ]
expect 'what a living process writes stays' [ -e out/runs/live.json.synlab-99999-1.tmp ]
expect "a user's own file stays" [ -e out/mine.tmp ]
kill "$holder"
wait "$holder" 2>/dev/null
: >out/plan/0123.json.synlab-99999-0.tmp
"$synlab" plan storm.lua --seeds 9 --out out >/dev/null 2>stderr
expect 'a plan sweeps too' [ ! -e out/plan/0123.json.synlab-99999-0.tmp ]

finish

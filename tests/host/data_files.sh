#!/bin/sh
# The data of a page: every run once, with all of its chapters; every column in the codebook; the same bytes
# again; files that verify knows.
#
#   data_files.sh SYNLAB
. "$(dirname "$0")/../lib.sh"
synlab=$1
cat >set.lua <<'LUA'
local lab = require "experiment"
local set = { task = "boundary", points = 30, iterations = 40, curve_every = 1 }
return { set = set, qtable = lab.synaptic { set, policy = lab.qtable { history = { 1, 2 } }, epsilon = 0.25 } }
LUA
cat >one.lua <<'LUA'
local lab, s = require "experiment", require "set"
return lab.chapter { id = "one", title = "One", finding = "one", runs = lab.sweep { s.qtable, seeds = 2 },
  function() return "Words." end }
LUA
cat >two.lua <<'LUA'
local lab, s = require "experiment", require "set"
local mine = { name = "rule", file = "mine, \"so\".lua", text =
  'return rule { name = "mine", doc = "d", history = 1, act = function(s) return s.r[1] end }' }
return lab.chapter { id = "two", title = "Two", finding = "two", runs = { early = lab.sweep { s.qtable, seeds = 1 },
  own = lab.sweep { s.set, lab.synaptic { policy = mine }, iterations = 30 },
  rise = lab.sweep { s.set, lab.descent {}, hidden = "relu", output = "identity", net = { 2, 50, 50, 1 }, rate = 1000 } }, function() return "Words." end }
LUA
cat >both.lua <<'LUA'
return require("experiment").book { name = "both", title = "Both", intro = "Two.", chapters = { "one", "two" } }
LUA
"$synlab" run both.lua --out out 2>log || wrong "$(cat log)"
data=out/data

expect 'the head' says '^chapters,groups,key,seed,' $data/runs.csv
expect 'a run of two chapters stands once' [ "$(grep -c '^one;two,two:early,[0-9a-f]\{64\},1,' $data/runs.csv)" = 2 ]
expect 'all runs of the manifest' [ "$(grep -c '^{"key"' out/manifest.json)" = "$(($(wc -l <$data/runs.csv) - 1))" ]
expect 'a name with a comma' says ',"mine, ""so"".lua",' $data/runs.csv
expect 'what a run ended with' says ',diverged,' $data/runs.csv
expect 'no nan' sh -c "! grep -qi 'nan' $data/runs.csv"
head -n 1 $data/runs.csv | tr , '\n' | sort >columns
expect 'no column twice' [ -z "$(uniq -d columns)" ]
gzip -dc $data/curves.csv.gz >curves.csv || wrong 'curves.csv.gz is not whole'
head -n 1 curves.csv | tr , '\n' >>columns
while read -r name; do
  expect "$name stands in the codebook" says "^| \`$name\` *| [[:alnum:]]" $data/codebook.md
done <columns
for key in $(grep -o '[0-9a-f]\{64\}' curves.csv | sort -u); do
  expect 'a curve of a run' says "$key" $data/runs.csv
done
expect 'all points' [ "$(grep -c ",40," curves.csv)" = 4 ]
expect 'no time in the head of gzip' [ "$(od -An -tx1 -j4 -N4 $data/curves.csv.gz | tr -d ' ')" = 00000000 ]

check 'as written' 0 '^as written' "$synlab" verify out
cp -r $data before
check 'again' 0 . "$synlab" run both.lua --out out
expect 'the same bytes again' diff -r before $data
sed -i 's/,ended,/,Ended,/' $data/runs.csv
check 'a change' 1 'data/runs.csv: changed since' "$synlab" verify out

# A page beside it leaves its data alone.
cp before/runs.csv $data/runs.csv
check 'a page beside it' 0 . "$synlab" run one.lua --out out
expect 'both have theirs' cmp before/runs.csv $data/runs.csv
expect 'its own' [ "$(wc -l <out/data/one/runs.csv)" = 5 ]
check 'both as written' 0 '^as written' "$synlab" verify out
finish

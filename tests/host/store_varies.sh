#!/bin/sh
# `synlab store list` and `diff`: in which options the runs differ, as many as a line has room for, and all of
# them as JSON; which values there are where none was met.
#
#   store_varies.sh SYNLAB
. "$(dirname "$0")/../lib.sh"
synlab=$1

cat >keep.lua <<'LUA'
return rule { name = "keep", history = 1, act = function(s) return s.a[1] end }
LUA
cat >runs.lua <<'LUA'
local specs = {}
for seed = 1, 2 do
  for i, rate in ipairs { 0.1, 0.05, 0.01 } do
    for _, epsilon in ipairs { 0.25, 0.5 } do
      specs[#specs + 1] = { task = "boundary", points = 20, iterations = 20, net = { 2, 5, 1 }, rate = rate,
        method = "synaptic", seed = seed, batch_size = tonumber(os.getenv "BATCH"),
        policy = { name = "explore", epsilon = epsilon, inner = { name = "qtable", history = i > 1 and 3 or 2 } } }
    end
  end
end
for _, n in ipairs { 1, 2 } do
  specs[#specs + 1] = { task = "boundary", points = 20, iterations = 20, net = { 2, 5, 1 }, method = "synaptic",
    policy = { name = "rule", file = "keep.lua", text = io.open("keep.lua"):read "a" .. ("\n"):rep(n) } }
end
require "synlab".run(specs, { title = "runs" })
LUA
BATCH=0 "$synlab" run runs.lua --out A 2>stderr || { cat stderr; exit 1; }
lines() { [ "$(wc -l <stdout)" = "$1" ]; }
head_says() { head -1 stdout | grep -q -- "$1"; }

# ---- list
check 'list' 0 '14 runs' "$synlab" store list A --width 200
expect 'what varies, most values first' head_says 'seed   *rate  *policy.epsilon  *policy.history  *policy.text  *done'
expect 'and what they are' says '  1  *0.05  *0.25  *3  *-  *20 ' stdout
expect 'what does not vary is no column' [ "$(grep -c 'batch_size\|points\|init' stdout)" = 0 ]
expect 'long texts by their digests' [ "$(grep -o ' return rule {\.\.[0-9a-f]\{8\} ' stdout | sort -u | wc -l)" = 2 ]
expect 'all of it has room' [ "$(grep -c 'more option' stderr)" = 0 ]
expect 'a line is no longer than was asked for' [ "$(awk '{ print length }' stdout | sort -n | tail -1)" -le 200 ]
check 'a narrow list' 0 '3 more options vary: .*policy.epsilon (2 values), .*; a larger --width' \
  "$synlab" store list A --width 80
expect 'has what varies most' head_says 'seed  *rate  *done'
check 'of those that are listed' 0 '4 of 14 runs' "$synlab" store list A policy.history=3 rate=0.05 --width 200
expect 'what is one value there is no column' head_says 'seed  *policy.epsilon  *done'
check 'the rest is counted among them too' 0 . "$synlab" store list A rate=0.1 seed=1
expect 'no more vary' [ "$(grep -c 'more option' stderr)" = 0 ]
check 'JSON' 0 '14 runs' "$synlab" store list A --json
expect 'JSON: a line a run' lines 14
expect 'JSON: all options' [ "$(grep -c '"options":{.*"batch_size":0,.*"points":20,.*"rate":' stdout)" = 14 ]
expect 'JSON: parameters by the names that choose runs' [ "$(grep -c '"policy.history":2' stdout)" = 4 ]
expect 'JSON: the text of a rule, whole' [ "$(grep -c '"policy.text":"return rule { name .*\\n"' stdout)" = 2 ]
sed -i 's/"batch_size":0,//; s/,"sha256.*//' A/runs/*.jsonl # as a version without that option wrote it
for pack in A/runs/*.jsonl; do
  while read -r line; do
    printf '%s,"sha256":"%s"}\n' "$line" "$(printf %s "$line" | sha256sum | cut -d' ' -f1)"
  done <"$pack" >lines && mv lines "$pack"
done
check 'an option that records of before lack' 0 '14 runs' "$synlab" store list A --json
expect 'has its default' [ "$(grep -c '"batch_size":0,' stdout)" = 14 ]
check 'other widths' 2 'width' "$synlab" store list A --width 0
check 'show has no width' 2 "no option is named '--width'" "$synlab" store show A abc --width 90

# ---- diff
BATCH=8 "$synlab" run runs.lua --out B 2>stderr || { cat stderr; exit 1; }
check 'diff' 1 '12 only in A, 12 only in B, 0 different, 2 the same' "$synlab" store diff A B
expect 'diff: in what they differ' says \
  '^only B   [0-9a-f]\{12\}  boundary  2-5-1  explore(qtable)  seed 2  rate 0.1  batch_size 8  policy.epsilon 0.25  policy.history 2$' stdout
check 'diff: a narrow one' 1 '^only A .*  seed 2  rate 0.1$' "$synlab" store diff A B --width 70
expect 'diff: the rest is counted' says '3 more options vary: batch_size (2 values),'
check 'diff: JSON' 1 '12 only in A, 12 only in B' "$synlab" store diff --json A B
expect 'diff: JSON: a line a run' lines 24
expect 'diff: JSON: where, and all options' \
  [ "$(grep -c '^{"in":"B","key":"[0-9a-f]\{64\}","options":{.*"batch_size":8,.*"policy.history":2.*"seed":2,' stdout)" = 2 ]
mkdir -p other/runs
line=$(sed 's/,"sha256.*//; s/"synapses":[0-9]*/"synapses":7/; q' A/runs/*.jsonl)
printf '%s,"sha256":"%s"}\n' "$line" "$(printf %s "$line" | sha256sum | cut -d' ' -f1)" >other/runs/x.jsonl
check 'diff: JSON: what is other' 1 '"difference":"synapses [0-9]*, 7","in":"both"' \
  "$synlab" store diff --json A other

# ---- a value that no run has
check 'no such value: which there are' 0 'No run has rate=0.3; there are 0.001, 0.01, 0.05, 0.1\.$' "$synlab" store list A rate=0.3
check 'of a policy' 0 'No run has policy=random; there are explore(qtable), keep\.$' "$synlab" store list A policy=random
check 'of a parameter' 0 'No run has policy.history=9; there are 2, 3\.$' "$synlab" store list A policy.history=9
check 'one value' 0 'No run has points=21; there is 20\.$' "$synlab" store list A points=21
check 'a value that some have, with another' 0 '0 of 14 runs' "$synlab" store list A rate=0.1 policy.history=3
expect 'nothing is said of it' [ "$(grep -c 'No run' stderr)" = 0 ]
sed 's/for seed = 1, 2/for seed = 1, 20/' runs.lua >more.lua
BATCH=0 "$synlab" run more.lua --out more 2>/dev/null
check 'many values' 0 'No run has seed=99; there are 20 values from 1 to 20\.$' "$synlab" store list more seed=99
finish

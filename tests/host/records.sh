#!/bin/sh
# Records as scripts have them: what takes room is read from the store when it is asked for, and nobody
# notices; a store that goes or is damaged under a script is told.
#
#   records.sh SYNLAB
. "$(dirname "$0")/../lib.sh"
synlab=$1

cat >common.lua <<'LUA'
local function specs(seeds)
  local list = {}
  for seed = 1, seeds do
    list[seed] = { task = "boundary", method = "synaptic", iterations = 20, points = 20, curve_every = 10,
      seed = seed, policy = { name = "qtable", history = 1 } }
  end
  return list
end
return { specs = specs }
LUA
cat >whole.lua <<'LUA'
local s, specs = require "synlab", require "common".specs
local records = s.run(specs(3), { title = "whole" })
local r = records[2]
assert(#records == 3 and r.spec.seed == 2 and r.spec.rate > 0 and r.status == "ended")
assert(#r.curve.iteration == 3 and r.curve.iteration[3] == 20, "the curve")
assert(r.policies.final:find "^a_", "the policy")
assert(r.trace.loss ~= records[1].trace.loss, "each has its own parts")
assert(r.map == nil and r.error == nil and r.nothing == nil)
assert(rawequal(r, records[2]) and r.curve == r.curve, "the same while it is used")
r.note, r.curve.own = "mine", 1
assert(r.note == "mine" and r.curve.own == 1)
local seen = {}
for name, value in pairs(r) do
  assert(not seen[name] and value ~= nil, name)
  seen[name] = true
end
for _, name in ipairs { "key", "spec", "status", "iterations", "synapses", "seconds", "rewards_up", "batch",
  "train", "curve", "trace", "policies", "note" } do
  assert(seen[name], "no " .. name)
  seen[name] = nil
end
assert(next(seen) == nil, next(seen))
-- options: all of them, each once
local n, options = 0, {}
for name, value in pairs(r.spec) do
  assert(options[name] == nil, name)
  n, options[name] = n + 1, value
end
assert(n == #s.options() + 1 and options.seed == 2 and options.task == "boundary" and options.policy.history == 1)
-- a run may say by `pairs` what it is
local second = specs(2)[2]
local again = s.run({ setmetatable({}, { __pairs = function() return next, second end }) }, { title = "again" })
assert(again[1].key == r.key)
print "ok"
LUA
check 'records' 0 '^ok$' "$synlab" run whole.lua --out out
check 'records: nothing is computed again' 0 'again: 1 run, 1 of them kept' "$synlab" run whole.lua --out out
as_before out before
check 'records of before' 0 '^ok$' "$synlab" run whole.lua --out before

# ---- chapters: slips are errors, paths find parts
chapter() { # chapter BODY
  cat >chapter.lua <<LUA
local lab = require "experiment"
return lab.chapter { id = "chapter", title = "C", runs = require "common".specs(3),
  function(results) $1 end }
LUA
}
chapter 'local v = lab.values(results, "curve.loss.1"); return ("%d values, seed %g"):format(#v, lab.values(results, "spec.seed")[3])'
check 'a path into a part' 0 . "$synlab" run chapter.lua --out out
grep -q '^3 values, seed 3$' out/chapter.md || wrong 'a path into a part'
chapter 'return results[1].curv.loss[1]'
check 'a slip in a part' 2 "a record has no 'curv'; did you mean 'curve'?" "$synlab" run chapter.lua --out out
chapter 'return results[1].spec.sead'
check 'a slip in an option' 2 "record.spec has no 'sead'; did you mean 'seed'?" "$synlab" run chapter.lua --out out
chapter 'return results[1].train.los'
check 'a slip in a measurement' 2 "record.train has no 'los'; did you mean 'loss'?" "$synlab" run chapter.lua --out out

# ---- the store changes under a script
cat >gone.lua <<'LUA'
local s, specs = require "synlab", require "common".specs
local records = s.run(specs(3), { title = "gone" })
os.execute(os.getenv "CHANGE")
print(records[1].train.loss, records[1].curve.loss[1], records[2].curve.loss[1], records[3].curve.loss[1])
LUA
two_packs() { # two_packs STORE
  "$synlab" merge out --out one >/dev/null
  mkdir -p "$1/runs"
  head -n 1 one/runs/*.jsonl >"$1/runs/a.jsonl"
  tail -n 2 one/runs/*.jsonl >"$1/runs/b.jsonl"
}
two_packs gone
check 'a store that is removed' 1 'gone/runs/[ab].jsonl:[0-9]*: cannot be read: No such file' \
  env CHANGE='rm -r gone/runs' "$synlab" run gone.lua --out gone
two_packs damaged
check 'a record that is damaged' 1 'damaged/runs/[ab].jsonl:[12]: this record is damaged' \
  env CHANGE='for f in damaged/runs/*.jsonl; do tr u U <$f >f && cat f >$f; done' "$synlab" run gone.lua --out damaged
two_packs twice
check 'a record that comes again' 0 . \
  env CHANGE='cat twice/runs/a.jsonl >>twice/runs/b.jsonl' "$synlab" run gone.lua --out twice

# ---- thousands: what they take in memory is little, and their page says each
cat >many.lua <<'LUA'
local lab = require "experiment"
local study = lab.study { name = "many", title = "Many", caption = "c", over = { "policy.epsilon" },
  picture = false }
local epsilon = {}
for i = 1, 400 do epsilon[i] = i / 500 end
return lab.chapter { id = "many", title = "Many",
  runs = lab.sweep { task = "boundary", iterations = 1, points = 8, net = { 2, 3, 1 },
    lab.synaptic { policy = lab.random(), epsilon = epsilon }, seeds = 10 },
  study.table, study.words }
LUA
check 'thousands' 0 'Many: 4000 runs' "$synlab" run many.lua --out many
expect 'thousands: a line each in the CSV' [ "$(wc -l <many/many.csv)" = 4001 ]
expect 'thousands: a line each in the manifest' [ "$(grep -c '^{"key":' many/manifest.json)" = 4000 ]
expect 'thousands: a configuration for ten' [ "$(grep -c '^"[0-9a-f]\{12\}": {' many/manifest.json)" = 400 ]
cp many/manifest.json many/many.csv .
check 'thousands again' 0 '4000 of them kept' "$synlab" run many.lua --out many
expect 'thousands: the same manifest' cmp -s manifest.json many/manifest.json
expect 'thousands: the same CSV' cmp -s many.csv many/many.csv
check 'thousands, checked' 0 'as written' "$synlab" verify many --run 4000

# ---- a manifest with another page
sed 's/id = "many"/id = "few"/; s/name = "many"/name = "few"/; s/1, 400/1, 4/' many.lua >few.lua
check 'a page beside it' 0 'Many: 40 runs' "$synlab" run few.lua --out many
check 'both are as written' 0 '^few: ' "$synlab" verify many --run 1
grep -q '^many: ' stdout || wrong 'the page of before is gone'
expect 'the lines of the page of before' \
  [ "$(grep '^{"key":' manifest.json | sort | md5sum)" = "$(grep '^{"key":' many/manifest.json | head -n 4000 | sort | md5sum)" ]
check 'the first page again' 0 '4000 of them kept' "$synlab" run many.lua --out many
check 'both are as written again' 0 '^few: ' "$synlab" verify many --run 4001

finish

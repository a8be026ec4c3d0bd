#!/bin/sh
# A line of a store whose digest is right, and which is no record of a run all the same - by another
# program, another version, or a hand: whoever reads the store says so of it, in one line, and has the rest.
#
#   store_shapes.sh SYNLAB
. "$(dirname "$0")/../lib.sh"
synlab=$1

cat >page.lua <<'LUA'
local lab = require "experiment"
return lab.chapter { id = "page", title = "A page",
  runs = lab.sweep { task = "boundary", points = 20, iterations = 20, net = { 2, 3, 1 }, curve_every = 5, trace = 1,
    lab.synaptic { policy = lab.qtable { history = 1 }, epsilon = 0.25 }, seeds = 4 },
  function(results) return ("%d runs"):format(#results) end }
LUA
"$synlab" run page.lua --out pages 2>stderr || { cat stderr; exit 1; }
"$synlab" merge pages --out good >/dev/null
pack=$(basename good/runs/*.jsonl)
key=$(sed -n '1s/^{"key":"\([0-9a-f]*\)".*/\1/p' "good/runs/$pack")
seal() { while IFS= read -r line; do
  printf '%s,"sha256":"%s"}\n' "$line" "$(printf %s "$line" | sha256sum | cut -d' ' -f1)"
done; }

# forge EXPRESSION: a store `bad`, whose first line is so, and is sealed again
forge() {
  rm -rf bad && mkdir -p bad/runs
  sed -n '1s/,"sha256":"[0-9a-f]*"}$//p' "good/runs/$pack" >line
  sed "$1" line >forged
  cmp -s line forged && wrong "$1: nothing is other"
  { seal <forged && sed 1d "good/runs/$pack"; } >"bad/runs/$pack"
}

# no_record NAME EXPRESSION WHY: it is none for anybody, and computed again
no_record() {
  what="bad/runs/$pack:1: this is no record: $3"
  forge "$2"
  check "$1: run" 0 "^synlab: $what.*; it is computed again$" "$synlab" run page.lua --out bad
  expect "$1: run: the others are kept" says '4 runs, 3 of them kept'
  expect "$1: run: one line" [ "$(grep -c '^synlab: ' stderr)" = 1 ]
  expect "$1: run: byte for byte" same_records good bad
  check "$1: run: and that is all" 0 '4 of them kept' "$synlab" run page.lua --out bad
  expect "$1: run: not a word more" [ "$(grep -c . stderr)" = 1 ]
  check "$1: what it was can be pruned" 0 '^ *1 .* damaged, or no record' "$synlab" store prune --yes bad
  expect "$1: of each key one is left" [ "$(n_records bad)" = 4 ]
}

# left_out NAME EXPRESSION WHY: by those that only read, too
left_out() {
  no_record "$@"
  forge "$2"
  check "$1: list" 1 "^synlab: $what.*; it is left out$" "$synlab" store list bad
  expect "$1: list: the others" says '^3 runs'
  check "$1: show" 1 "^synlab: $what" "$synlab" store show bad "$key"
  check "$1: why" 0 "^$(echo "$key" | cut -c1-12) .*: $what" "$synlab" store why page.lua --out bad
  check "$1: diff" 1 "^synlab: $what.*; it is left out$" "$synlab" store diff bad good
  expect "$1: diff: the others" says '0 only in bad, 0 only in good, 0 different, 3 the same, 1 damaged' stdout
  check "$1: plan" 0 "^synlab: $what.*; it is planned again$" "$synlab" plan page.lua --out bad
  expect "$1: plan: it alone" says '^1 run to compute'
  rm -rf joined
  check "$1: merge" 1 "^synlab: $what.*; it is left out$" "$synlab" merge bad --out joined
  expect "$1: merge: the others" says '3 copied, 0 there already, 0 different, 1 damaged' stdout
  check "$1: merge: a whole one takes its place" 0 '1 copied, 3 there already' "$synlab" merge good --out bad
  expect "$1: merge: byte for byte" same_records good bad
  forge "$2"
  cp -r pages/page.* pages/data pages/manifest.json bad
  check "$1: verify" 1 "^synlab: $what" "$synlab" verify bad
}
check 'whole: list' 0 '^4 runs' "$synlab" store list good

left_out 'seconds that are a text' 's/"seconds":[^,]*$/"seconds":"x"/' "'seconds' is no number from 0 to 1e10"
left_out 'a number that is too large' 's/"loss":[0-9.e-]*/"loss":1e999/' "no JSON: real number overflow"
left_out 'without options' 's/"spec":{/"specs":{/' "'spec' is missing"
no_record 'seconds below 0' 's/"seconds":[^,]*$/"seconds":-5/' "'seconds' is no number from 0 to 1e10"
no_record 'a run that failed' 's/"status":"ended"/"status":"failed"/' "'status' is none of ended"
no_record 'no result' 's/"batch":{[^}]*}/"batch":null/' "'batch' is no object"
no_record 'a text for a number' 's/"synapses":[0-9]*/"synapses":"many"/' "'synapses' is no whole number"
no_record 'a number for a text' 's/"policies":{[^}]*}/"policies":{"final":5}/' "'policies.final' is no text"
no_record 'a character of value 0' 's/"final":"/&\\u0000/' "no JSON: .u0000 is not allowed"
no_record 'half a character' 's/"final":"/&\\ud800/' "no JSON: invalid Unicode"
no_record 'a short column' 's/"iteration":\[[0-9]*,/"iteration":[/' "'curve.iteration' is not as long"
no_record 'a name twice' 's/"iterations":20,/&"iterations":21,/' "no JSON: duplicate object key"
no_record 'lists in lists' "s/\"net\":/&$(printf '%5000s' '' | tr ' ' '[')/" 'no JSON: maximum parsing depth'
no_record 'no JSON' 's/"curve":{/&,/' 'no JSON: '

# ---- a file a run, as before
as_before good old
record=$(sed 's/^{"record"://; s/,"sha256":"[0-9a-f]*"}$//; s/"synapses":[0-9]*/"synapses":-1/' "old/runs/$key.json")
printf '{"record":%s,"sha256":"%s"}' "$record" "$(printf %s "$record" | sha256sum | cut -d' ' -f1)" >"old/runs/$key.json"
what="old/runs/$key.json: this is no record: 'synapses' is no whole number"
check 'of before: list' 1 "^synlab: $what.*; it is left out$" "$synlab" store list old
expect 'of before: list: the others' says '^3 runs'
check 'of before: show' 1 "^synlab: $what" "$synlab" store show old "$key"
check 'of before: run' 0 "^synlab: $what.*; it is computed again$" "$synlab" run page.lua --out old
expect 'of before: the others are kept' says '4 runs, 3 of them kept'
expect 'of before: byte for byte' same_records good old

# ---- an older whole record of the key counts
forge 's/"synapses":[0-9]*/"synapses":-1/'
cp "good/runs/$pack" bad/runs/0.jsonl
check 'an older one that is whole: run' 0 '4 of them kept' "$synlab" run page.lua --out bad
expect 'an older one that is whole: not a word' [ "$(grep -c . stderr)" = 1 ]

# ---- a folder that cannot be read is told before anything is said of its runs
mkdir loop && ln -s runs loop/runs
check 'a folder that cannot be read: run' 2 '^synlab: .*loop/runs: cannot be read' "$synlab" run page.lua --out loop
expect 'a folder that cannot be read: run: one line' [ "$(grep -c . stderr)" = 1 ]
check 'a folder that cannot be read: plan' 2 '^synlab: .*loop/runs: cannot be read' "$synlab" plan page.lua --out loop
check 'a folder that cannot be read: merge' 2 '^synlab: .*loop/runs: cannot be read' "$synlab" merge good --out loop
expect 'a folder that cannot be read: merge: one line' [ "$(grep -c . stderr)" = 1 ]

# ---- a pack that is a link
rm -rf bad && mkdir -p bad/runs && cp "good/runs/$pack" elsewhere && ln -s ../../elsewhere bad/runs/1.jsonl
echo 'no record' >>elsewhere
check 'a link: prune' 1 '^synlab: bad/runs/1.jsonl: it is a symbolic link; it is left alone$' "$synlab" store prune --yes bad
expect 'a link: is as it was' [ "$(wc -l <elsewhere)" = 5 ]

finish

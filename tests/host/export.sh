#!/bin/sh
# `synlab export`: what it writes is the network of the run, as a program without the engine finds; what is
# wrong is refused in a line, before anything is computed.
#
#   export.sh SYNLAB EXPORTED
. "$(dirname "$0")/../lib.sh"
synlab=$1 exported=$2
export HOME="$work" XDG_CACHE_HOME="$work/cache" # no images of this machine
two_classes mine
cat >nets.lua <<'LUA'
local lab = require "experiment"
local plane = { task = "boundary", points = 50, iterations = 60, curve_every = 20 }
local images = { task = "images", data = "mine", net = { 784, 5, 2 }, iterations = 40, rate = 0.01, batch_size = 0,
  batch_interval = 0, curve_every = 20, validate_every = 20 }
local qtable = lab.synaptic { policy = lab.qtable { history = 1 }, epsilon = 0.25 }
local breaks = { name = "rule", file = "breaks.lua", text = [[return rule { name = "breaks", doc = "b", history = 1,
  init = function() return {} end, act = function() return 0 end, learn = function() error "it breaks" end }]] }
return lab.chapter { id = "nets", title = "Nets", function() return "Words." end, runs = {
  a = lab.sweep { plane, qtable }, b = lab.sweep { images, qtable },
  c = lab.sweep { images, qtable, loss = "euclidean", output = "tanh" },
  d = lab.sweep { images, lab.synaptic { policy = lab.rule "policies/rules/win_stay.lua" }, net = { 784, 2 } },
  e = lab.sweep { plane, lab.descent {}, rate = 0.1 },
  f = lab.sweep { plane, lab.synaptic { policy = breaks } },
} }
LUA
"$synlab" run nets.lua --out out >log 2>&1 # one of them fails
[ "$(grep -c '^{"key"' out/manifest.json)" = 6 ] || wrong "not six runs: $(cat log)"
mv out/runs beside # as in a checkout

check 'by number' 0 'run 1 .*the same bits' "$synlab" export 1 2 3 4 5 --from out --out nets
expect 'five' [ "$(ls -d nets/*/network.json | wc -l)" = 5 ]
for folder in nets/*/; do
  [ -e "$folder/network.json" ] || continue
  check "elsewhere" 0 '^train: loss' "$exported" "$folder"
done
grep -c '"validation": {' nets/*/network.json >log
expect 'three with validation images' [ "$(grep -c ':1$' log)" = 3 ]
expect 'the images once' [ "$(ls nets/images-*/pixels.npy | wc -l)" = 1 ]
expect 'a rule' [ "$(ls nets/*/rule.lua | wc -l)" = 1 ]
expect 'a learned policy' [ "$(ls nets/*/policy-final.csv | wc -l)" = 3 ]
expect 'a curve' [ "$(cat nets/*/curve.csv | grep -c '^60,')" = 2 ]

key=$(sed -n 's/^{"key":"\([0-9a-f]*\)".*/\1/p' out/manifest.json | head -n 1)
check 'by key, once more' 0 'the same bits' "$synlab" export "$key" --from out --out again
expect 'the same bytes' diff -r "again/$(echo "$key" | cut -c 1-12)" "nets/$(echo "$key" | cut -c 1-12)"

# A program that computes something else must not go unnoticed here.
spoiled=$(ls -d nets/*/policy-final.csv | head -n 1 | xargs dirname)
sed 's/^ "hidden": "relu"/ "hidden": "tanh"/; t; s/^ "hidden": "tanh"/ "hidden": "relu"/' "$spoiled/network.json" >changed
cp changed "$spoiled/network.json"
check 'another network is told' 1 'not the numbers' "$exported" "$spoiled"

# ---- a run that is not as the manifest says is not written
cp out/manifest.json as-it-was
sed -i 's/\("train":{"accuracy":[^,]*,"loss":\)[0-9]/\19/' out/manifest.json
expect 'the manifest is another' [ "$(diff as-it-was out/manifest.json | grep -c '^>')" = 5 ]
digest=$(head -n -1 out/manifest.json | sha256sum | cut -d' ' -f1)
sed -i "\$s/[0-9a-f]\{64\}/$digest/" out/manifest.json
check 'it differs' 1 'differs in its train' "$synlab" export 1 --from out --out differs
expect 'and is not written' [ ! -e differs ]
mv as-it-was out/manifest.json

# ---- wrong use
refused() {
  pattern=$1
  shift
  check "refused: $*" 2 "$pattern" "$synlab" export "$@"
  expect "one line: $*" [ "$(wc -l <stderr)" = 1 ]
  expect "nothing written: $*" [ ! -e none ]
}
refused 'which runs?' --from out --out none
refused 'where to?' 1 --from out
refused 'export 99: runs have numbers from 1 to 6' 99 --from out --out none
refused 'export 99: runs' 1 99 --from out --out none
refused 'export 9999999: .*fewer than 8 digits is a number' 9999999 --from out --out none
refused 'export 99999999: no run has this key' 99999999 --from out --out none
refused 'export abcdefab: no run has this key' abcdefab --from out --out none
refused 'export abcdefg: no run is named so: .* from 1 to 6, .* 8 digits' abcdefg --from out --out none
refused "export $(echo "$key" | cut -c1-7)a: no run" "$(echo "$key" | cut -c1-7)a" --from out --out none
short=$(sed -n 's/^{"key":"\([0-9a-f]*\)".*/\1/p' out/manifest.json | cut -c1-7 | grep -m1 '[a-f]')
refused "export $short: no run is named so" "$short" --from out --out none # or seven decimal digits would be another's
refused 'export 6: this run failed when' 6 --from out --out none
refused 'no manifest' 1 --from elsewhere --out none
refused "did you mean '--from'" 1 --form out --out none
mv mine other
refused 'its images are not at hand' 2 --from out --out none
check 'they lie elsewhere' 0 'the same bits' "$synlab" export 2 --from out --out there --data other
: >file
check 'it cannot be written' 1 . "$synlab" export 1 --from out --out file/there
finish

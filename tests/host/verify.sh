#!/bin/sh
# The manifest and `synlab verify`: a report as it was written passes, on a checkout without the run
# store too; whatever was changed since is told, file by file and run by run.
#
#   verify.sh SYNLAB SOURCE_DIR
. "$(dirname "$0")/../lib.sh"
synlab=$1 source=$2
export HOME="$work" XDG_CACHE_HOME="$work/cache" # no images of this machine

# chapter NAME RUNS: a script with a figure, a table, a file of its own and these runs
chapter() {
  cat >"$1.lua" <<LUA
local lab = require "experiment"
lab.chapter {
  id = "$1", title = "$1", runs = { $2 },
  lab.figure { name = "$1", title = "F", caption = "A figure.", panels = function(results)
    return { { kind = "curves", series = { { x = results[1].curve.iteration,
      y = results[1].curve.loss } } } }
  end },
  lab.table { name = "$1", title = "T", caption = "A table.", columns = { "a" },
    rows = function(results) return { { results[1].train.accuracy } } end,
    csv = function(results) return { columns = { "a" }, rows = { { results[1].train.accuracy } } } end },
}
LUA
}
boundary='task = "boundary", method = "synaptic", iterations = 40, points = 50, curve_every = 1'
policy='policy = { name = "explore", epsilon = 0.25, inner = { name = "qtable" } }'
rule='policy = lab.rule("policies/rules/win_stay.lua")'
chapter one "{ $boundary, $policy }, { $boundary, $policy, seed = 2 }, { $boundary, $rule }"
check 'a page' 0 . "$synlab" run one.lua --out out
mkdir beside && mv out/runs beside # as in a checkout
cp -r out whole

# fresh: the report as it was written
fresh() { rm -rf out && cp -r whole out; }

# seal: makes the manifest's digest right again, as one would who wants to deceive
seal() {
  digest=$(head -n -1 out/manifest.json | sha256sum | cut -d' ' -f1)
  sed -i "\$s/[0-9a-f]\{64\}/$digest/" out/manifest.json
}

check 'as written' 0 '^as written' "$synlab" verify out
check 'drawn and named' 0 'synlab verify out --run [0-9a-f]\{12\}`' "$synlab" verify out
check 'one run by number' 0 'run 2 .*the same bits' "$synlab" verify out --run 2
key=$(sed -n 's/^{"key":"\([0-9a-f]\{12\}\).*"seed":2,.*/\1/p' out/manifest.json)
check 'one run by key' 0 "run 2 (key $key, seed 2.*the same bits" "$synlab" verify out --run "$key"
check 'all' 0 '3 of 3 runs give the same result' "$synlab" verify out --all
[ ! -e out/runs ] || wrong 'verify has written into the report'
seal
cmp -s out/manifest.json whole/manifest.json || wrong 'seal makes another digest'

# ---- a page that is being written is waited for
fresh
flock out sh -c 'echo half >out/one.csv; : >held; sleep 2; cp whole/one.csv out/one.csv' &
while [ ! -e held ]; do sleep 0.1; done
check 'a writer is waited for' 0 '^as written' "$synlab" verify out --run 1
wait

# ---- wrong use
check 'help' 0 '^usage: synlab verify' "$synlab" verify --help
check 'no manifest' 2 'no manifest' "$synlab" verify nowhere
check 'no such run' 2 'from 1 to 3' "$synlab" verify out --run 4
check 'seven digits are a number' 2 'from 1 to 3; a word of fewer than 8 digits is a number' \
  "$synlab" verify out --run 1234567
check 'eight are a key' 2 'no run has this key' "$synlab" verify out --run 12345678
check 'seven of a key' 2 'no run is named so' "$synlab" verify out --run fffffff
check 'no digits' 2 'no run is named so' "$synlab" verify out --run one
check 'no such key' 2 'no run has this key' "$synlab" verify out --run fffffffff
check 'unknown flag' 2 "did you mean '--all'" "$synlab" verify out --al
check 'run without a value' 2 'wants a value' "$synlab" verify out --run
check 'both' 2 'exclude' "$synlab" verify out --run 1 --all
check 'two folders' 2 'one folder' "$synlab" verify out whole
check 'no images' 2 'nowhere: No such file' "$synlab" verify out --data nowhere

# ---- files
printf 'x' >>out/figures/one.svg
check 'a figure changed' 1 'figures/one.svg: changed' "$synlab" verify out
fresh
byte=$(od -An -tu1 -j 100 -N 1 out/figures/one.png)
printf "\\$(printf %o $((byte ^ 1)))" | dd of=out/figures/one.png bs=1 seek=100 conv=notrunc 2>/dev/null
check 'a bit flipped' 1 'figures/one.png: changed' "$synlab" verify out
fresh
rm out/one.csv
check 'a file deleted' 1 'one.csv: missing' "$synlab" verify out
fresh
printf 'x' >>out/one.md
rm out/one.csv
check 'two at once' 1 '[0-9] of [0-9]* files' "$synlab" verify out
[ "$(grep -c '^synlab: out/' stderr)" = 2 ] || wrong 'not one line a file'
fresh
printf 'x' >out/not-ours.txt
check 'a file of someone else' 0 . "$synlab" verify out

# ---- records that lie beside the report
fresh
cp -r beside/runs out
check 'whole records' 0 'as written' "$synlab" verify out
first=$(ls out/runs/*.jsonl | head -n 1)
sed '1s/"accuracy":0\.[0-9]*/"accuracy":0.98765/' "$first" >damaged && cat damaged >"$first"
check 'a damaged record' 1 "$first:1: this record is damaged" "$synlab" verify out
fresh
cp -r beside/runs out
head -c 50 "$first" >>"$first"
check 'a line that is being written' 0 'as written' "$synlab" verify out
echo >>"$first"
check 'a line that is no record' 1 "$first:[0-9]*: this line is no record" "$synlab" verify out
fresh
as_before beside out
check 'records of before packs' 0 'as written' "$synlab" verify out
first=$(ls out/runs/*.json | head -n 1)
sed -i 's/"accuracy":0\.[0-9]*/"accuracy":0.98765/' "$first"
check 'a damaged record of before' 1 "$first: this record is damaged" "$synlab" verify out

# ---- the manifest
fresh
sed -i 's/"iterations":40,"trace"/"iterations":41,"trace"/' out/manifest.json
check 'a number in the manifest' 1 'changed after' "$synlab" verify out
fresh
head -c 1000 whole/manifest.json >out/manifest.json
check 'a manifest cut' 1 'damaged' "$synlab" verify out
: >out/manifest.json
check 'an empty manifest' 1 'damaged' "$synlab" verify out
fresh
sed -i 's/"numerics": "[^"]*"/"numerics": "0"/' out/manifest.json && seal
check 'other numerics' 2 'numerics 0, this program has' "$synlab" verify out
fresh
sed -i 's/"format": 1/"format": 9/' out/manifest.json && seal
check 'other format' 2 'format 9' "$synlab" verify out
fresh
sed -i 's/"points":50/"pionts":50/' out/manifest.json && seal
check 'an option unknown here' 2 "cannot be asked for here.*'points'" "$synlab" verify out --run 1
fresh
sed -i '/^"texts": {$/{n;s/^"./"x/}' out/manifest.json && seal
check 'a text that is missing' 1 'not whole' "$synlab" verify out --run 3

# forged NAME FROM TO PATTERN: a number of run 1 falsified, with a digest that is right
forged() {
  fresh
  sed -i "0,/^{\"key\"/{/^{\"key\"/s/$2/$3/}" out/manifest.json && seal
  cmp -s out/manifest.json whole/manifest.json && wrong "$1: nothing changed"
  check "$1" 1 "run 1 .*differs in its $4" "$synlab" verify out --run 1
}
forged 'a falsified score' '"loss":0\.' '"loss":1.' batch
forged 'a falsified fingerprint' '"weight":"' '"weight":"0' trace
forged 'a falsified curve' '"curve":"' '"curve":"0' curve
forged 'a falsified seed' '"seed":1' '"seed":3' ''
forged 'a falsified length' '"iterations":40' '"iterations":39' iterations
fresh
sed -i '0,/^{"key"/{/^{"key"/s/"seed":1/"seed":3/}' out/manifest.json && seal
check 'found among all' 1 '2 of 3 runs' "$synlab" verify out --all

# ---- what is in it
fresh
if grep -q "\"/\|$work" out/manifest.json; then wrong 'a path in the manifest'; fi
check 'again, with absolute paths' 0 . "$synlab" run "$work/one.lua" --out="$work/out"
if grep -q "$work" out/manifest.json; then wrong 'a path in the manifest'; fi
cp out/manifest.json first.json
check 'from the store' 0 'kept from before' "$synlab" run "$work/one.lua" --out="$work/out"
cmp first.json out/manifest.json || wrong 'the same page, another manifest'

check 'a script of the project' 0 . "$synlab" run "$source/experiments/figure1.lua" --quick --out own
grep -q '"command": "synlab run experiments/figure1.lua --quick --out own"' own/manifest.json ||
  wrong 'the command of a script of the project'

# ---- another page in the same folder
chapter two "{ $boundary, $policy, seed = 5 }, { $boundary, $policy }"
check 'a second page' 0 . "$synlab" run two.lua --out out
check 'both pages' 0 '^one: ' "$synlab" verify out --all
grep -q '5 of 5 runs' stdout && grep -q '^two: ' stdout || wrong 'both pages'
check 'a run of both' 0 'the same bits' "$synlab" verify out --run 5

# ---- images
two_classes images
mkdir other
cp -r images/A other/B
cp -r images/B other/A
chapter three "{ task = 'images', method = 'descent', net = { 784, 2 }, iterations = 5, data = 'images' },
  { task = 'images', method = 'synaptic', net = { 784, 2 }, iterations = 5, data = 'images',
    batch_size = 0, batch_interval = 0, $policy },
  { task = 'images', method = 'synaptic', net = { 784, 2 }, iterations = 5, data = 'images',
    batch_size = 0, batch_interval = 0, curve_every = 1, cosine = 1, $policy }"
check 'a page on images' 0 . "$synlab" run three.lua --out letters
rm -r letters/runs
check 'images here under their name' 0 'run 2 .*same bits' "$synlab" verify letters --run 2
mv images kept
check 'images not at hand' 2 'not here under their name: images, digest .* --data PATH' \
  "$synlab" verify letters --run 1
check 'images not at hand, drawn' 2 '--data PATH' "$synlab" verify letters
check 'images not at hand, all' 2 'not at hand' "$synlab" verify letters --all
check 'other images' 2 'no run of this report is on these images' \
  "$synlab" verify letters --data other
check 'images given' 0 'run 2 .*same bits' "$synlab" verify letters --run 2 --data kept
mv kept images
tar czf packed.tar.gz images
check 'images given, packed' 0 '3 of 3' "$synlab" verify letters --all --data packed.tar.gz

# letters_with SED: the manifest of letters changed so, and its digest with it
letters_with() {
  sed -i "$1" letters/manifest.json
  digest=$(head -n -1 letters/manifest.json | sha256sum | cut -d' ' -f1)
  sed -i "\$s/[0-9a-f]\{64\}/$digest/" letters/manifest.json
}
letters_with '0,/^{"key"/{/^{"key"/s/"curve":"./"curve":"x/}'
check 'descent with other bits' 1 'differs in its curve' "$synlab" verify letters --run 1 --data images
letters_with 's/"descent": "[^"]*"/"descent": "0"/'
check 'other numerics of descent' 2 'numerics 0 of gradients, this program has' \
  "$synlab" verify letters --run 1 --data images
check 'other numerics of descent, another run' 0 'run 2 .*same bits' \
  "$synlab" verify letters --run 2 --data images
check 'other numerics of gradients, a run that looks at them' 2 'numerics 0 of gradients' \
  "$synlab" verify letters --run 3 --data images
letters_with '/^"descent": /d'
check 'gradients of before versions' 2 'without a version of gradients' \
  "$synlab" verify letters --run 3 --data images
check 'descent by a BLAS' 0 'within the tolerance' "$synlab" verify letters --run 1 --data images
letters_with '0,/^{"key"/{/^{"key"/s/"accuracy":[0-9.]*/"accuracy":0.25/}'
check 'descent by a BLAS, beyond the tolerance' 1 'differs in its batch' \
  "$synlab" verify letters --run 1 --data images

finish

#!/bin/sh
# Image sets as people name them, `data sheet` that destroys nothing, and runs on a set that has a split
# of its own. Images are some of the built-in letters.
#
#   data.sh SYNLAB SOURCE
. "$(dirname "$0")/../lib.sh"
synlab=$1 source=$2

digest() { "$synlab" data info "$1" 2>/dev/null | sed -n 's/^digest *//p'; }

mkdir set
cmake -E tar xf "$source/data/letters.tar.xz" letters/A letters/B # no xz on a bare machine
mv letters/A letters/B set && rmdir letters
find set -name '*.png' ! -name '00[01]*' -delete
tar cf set.tar set

# ---- one folder, however it is named
plain=$(digest set)
[ -n "$plain" ] || wrong 'no digest of the plain set'
ln -s set link
ln -s set.tar link.tar
for name in set/ ./set set// link link/ "$work/set" set.tar link.tar set/../set; do
  expect "another set: $name" [ "$(digest "$name")" = "$plain" ]
done
expect 'another set: .' [ "$(cd set && digest .)" = "$plain" ]

# ---- a folder that bears the name of a known set
cp -r set letters
check 'a known name before a folder' 0 '12339 of 28x28' "$synlab" data info letters
check 'and a word of the folder' 0 "'letters' is the set of that name; .*\./letters" \
  "$synlab" data info letters
check 'the folder by its path' 0 "^digest *$plain" "$synlab" data info ./letters
check 'the folder with a slash' 0 "^digest *$plain" "$synlab" data info letters/

# ---- a sheet destroys nothing
cp set.tar before.tar
printf 'precious\n' >notes.txt
check 'a sheet over the set' 2 'is the set itself' "$synlab" data sheet set.tar set.tar
expect 'the set is whole' cmp -s set.tar before.tar
check 'the root of all files' 2 '^synlab: /: this is the root of all files, no set of images' "$synlab" data info /
check 'a sheet over other files' 2 'is there and no sheet' "$synlab" data sheet set notes.txt
ln set.tar hard.tar
check 'a sheet over a hard link' 2 'no sheet' "$synlab" data sheet set hard.tar
ln -s notes.txt soft.png
check 'a sheet over a link' 2 'is a link' "$synlab" data sheet set soft.png
ln -s gone.png lost.png
check 'a sheet through a link to nowhere' 2 'is a link' "$synlab" data sheet set lost.png
mkfifo pipe.png
check 'a sheet into a pipe' 2 'no regular file' "$synlab" data sheet set pipe.png
check 'a sheet into a device' 2 'no regular file' "$synlab" data sheet set /dev/null
check 'a sheet into a full device' 2 'no regular file' "$synlab" data sheet set /dev/full
[ -c /dev/null ] && [ -c /dev/full ] || wrong 'a device is gone'
check 'a sheet over a folder' 2 'no regular file' "$synlab" data sheet set.tar set
check 'a sheet over an image of the set' 2 'lies in the set' "$synlab" data sheet set set/A/0001.png
check 'a sheet into the set' 2 'lies in the set' "$synlab" data sheet link set/B/sheet.png
check 'a sheet into the set, from inside' 2 'lies in the set' \
  sh -c 'cd set/A && "$1" data sheet .. sheet.png' sh "$synlab"
[ "$(digest set)" = "$plain" ] || wrong 'the set is another one now'
[ "$(cat notes.txt)" = precious ] || wrong 'notes.txt is gone'
check 'a sheet by another ending' 2 'a sheet is a PNG; name it sheet.jpg.png' "$synlab" data sheet set sheet.jpg
[ ! -e sheet.jpg ] || wrong 'it was written'
check 'a sheet' 0 '^row 2  *B' "$synlab" data sheet set sheet.png
check 'a sheet over a sheet' 0 '' "$synlab" data sheet set.tar sheet.png
ln -s sheet.png to-sheet.png
check 'a sheet through a link' 2 'is a link' "$synlab" data sheet set to-sheet.png
cp set/A/0001.png kept.png
cp kept.png before.png
ln kept.png set/B/hard.png
check 'a sheet over an image by another name' 2 'no sheet' "$synlab" data sheet set kept.png
expect 'the image is whole' cmp -s kept.png before.png
rm set/B/hard.png
mkdir links elsewhere
cp -r set/A elsewhere/A
ln -s ../set/B ../elsewhere/A links
check 'a sheet into a class that is a link' 2 'lies in the set' \
  "$synlab" data sheet links elsewhere/A/sheet.png
[ ! -e elsewhere/A/sheet.png ] || wrong 'there is a sheet among the images'
check 'a sheet into no folder' 2 'nodir/x.png: cannot be written: No such' \
  "$synlab" data sheet set nodir/x.png
check 'a sheet that is called as a folder' 2 'no name of a file' "$synlab" data sheet set x/
check 'a sheet without a name' 2 'an empty word' "$synlab" data sheet set ''
check 'a sheet below a file' 2 'Not a directory' "$synlab" data sheet set notes.txt/x.png
[ -z "$(ls ./*.tmp 2>/dev/null)" ] || wrong 'something temporary is left'

# ---- no name steers the terminal: not a class, not a target, not the path, in UTF-8's C1 neither
weird=$(printf 'we\033[31m\302\2331m\nird')
mkdir "$weird"
cp -r set/A "$weird/A$weird"
cp -r set/B "$weird"
ln -s "$weird" "$weird/B/x.png"
for what in info sheet; do
  "$synlab" data $what "$weird" $([ $what = sheet ] && echo no/x.png) >stdout 2>stderr
  cat stdout stderr | LC_ALL=C grep -q "$(printf '[\033]\|\302\233')" && wrong "data $what: control characters"
done
"$synlab" data info "$weird" 2>/dev/null | grep -q 'we?\[31m??1m ird: \|a link to we?\[31m??1m.ird' ||
  wrong 'the reason with a name'

# ---- a set too small to split
mkdir tiny tiny/A tiny/B
cp set/A/0001.png tiny/A
cp set/B/0001.png tiny/B
check 'a set too small to split' 0 '^leak *\(too few images to split\|.*random\)' "$synlab" data info tiny
check 'no name' 2 'an empty word' "$synlab" data info ''

# ---- what is left out of a run is said
cp -r set jpegs
printf '\377\330\377\340' >jpegs/A/photo.jpg
check 'what is left out' 0 'photo.jpg: 1 image of this folder: JPEG, not read' "$synlab" data info jpegs
check 'what is left out, in short' 0 '1 file of jpegs is not in the set: .synlab data info jpegs. names it' \
  "$synlab" data info jpegs

# ---- a set with a split of its own
mkdir parts
cp -r set parts/train
mkdir -p parts/test/A parts/test/B
for class in A B; do mv parts/train/$class/001* parts/test/$class/; done
check 'parts are the split' 0 'split *its own: .* train, .* validate' "$synlab" data info parts
check 'parts are said' 0 'train trains, test validates' "$synlab" data info parts
train=$(ls parts/train/A parts/train/B | grep -c png)
validate=$(ls parts/test/A parts/test/B | grep -c png)
script() { # script NAME 'options'
  cat >"$1.lua" <<LUA
local lab = require "experiment"
return lab.chapter { id = "$1", title = "$1",
  runs = lab.sweep { task = "images", method = "descent", iterations = 1, net = { 784, 2 }, seeds = 1, $2 },
  function(results) return results[1].spec.split .. ", validated on " .. results[1].data.validation end }
LUA
}
script own "data = 'parts'"
script random "data = 'parts', split = 'random'"
script authors "data = 'parts', preset = 'authors'"
script none "data = 'set', split = 'given'"
script fraction "data = 'parts', train_fraction = 0.5"
script seed "data = 'parts', split_seed = 5"
script held "data = 'parts', split_seed = 5, held_out = 0.5"
script dot "data = '.'"
check 'a run on parts' 0 '' "$synlab" run own.lua --out own
grep -q "given, validated on $validate\$" own/own.md || wrong 'the parts are not the split of the run'
check 'a run on parts, told otherwise' 0 '' "$synlab" run random.lua --out own
grep -q 'random, validated on ' own/random.md || wrong 'the split is not drawn'
[ "$(n_records own)" = 2 ] || wrong 'two splits have one key'
check 'a run on parts, with a preset' 0 '' "$synlab" run authors.lua --out own
grep -q "given, validated on $validate\$" own/authors.md || wrong 'a preset is taken for a named split'
check 'verified' 0 'as written' "$synlab" verify own --all --data parts
check 'a split that is not there' 2 "split = 'given', but the images have no" \
  "$synlab" run none.lua --out bad
check 'an option without effect' 2 "train_fraction has no effect" "$synlab" run fraction.lua --out bad
check 'a seed of a split that is not drawn' 2 "split_seed has no effect" "$synlab" run seed.lua --out bad
check 'half of what trains is held out' 0 '' "$synlab" run held.lua --out own
grep -q "given, validated on $((train / 2))\$" own/held.md || wrong 'it does not validate on what is held out'
(cd set && "$synlab" run ../dot.lua --out ../dot >/dev/null 2>&1) || wrong 'a run on .'
grep -q '"name": *"set"' dot/runs/*.jsonl || wrong 'the name of . is not that of its folder'
[ ! -e bad ] || wrong 'wrong use has written something'

finish

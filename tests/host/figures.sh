#!/bin/sh
# A page whose figures cannot be drawn is written all the same, says so, and the program ends with 1.
#
#   figures.sh SYNLAB
. "$(dirname "$0")/../lib.sh"
synlab=$1
cat >page.lua <<'E2'
local lab = require "experiment"
local study = lab.study { name = "small", title = "Small", caption = "C.",
  over = { "policy.history" }, reference = { ["policy.history"] = 1 } }
return lab.chapter { id = "page", title = "Page",
  runs = lab.sweep { lab.set { task = "boundary", iterations = 20, points = 20 },
    lab.synaptic { policy = lab.qtable { history = { 0, 1 } }, epsilon = 0.25 }, seeds = 2 },
  study.figure, study.table, study.words }
E2
cat >alt.lua <<'E2'
local lab = require "experiment"
local function one(name, caption, alt)
  return lab.figure { name = name, title = "Title of " .. name, caption = caption, alt = alt,
    panels = function() return { { kind = "curves", title = "T", series = { { x = { 1, 2 }, y = { 1, 2 } } } } } end }
end
return lab.chapter { id = "alt", title = "Alt",
  runs = lab.sweep { lab.set { task = "boundary", iterations = 2, points = 20 },
    lab.synaptic { policy = lab.qtable {} } },
  numbers = function(results) return { n = #results } end,
  one("given", "C.", "It took ${n} run [*x* < 2]."), one("asked", "C.", function(r) return "Of " .. #r end),
  one("fallen", "In **A** α_s = 0.5 of ${n}. More.") }
E2

# without NAME PATTERN: the page of `page.lua`, run with the words before it, lacks its figure only
without() {
  name=$1 pattern=$2
  shift 2
  "$@" "$synlab" run page.lua --out "$name" 2>log
  [ $? -eq 1 ] || wrong "$name: exit status $?"
  grep -q "figure 'small' is missing: .*$pattern" log || wrong "$name: $(cat log)"
  grep -q "Small\*\* is missing: .*$pattern" "$name/page.md" || wrong "$name: the page is silent"
  grep -q '^| 0 ' "$name/page.md" || wrong "$name: no table"
  [ -s "$name/small.csv" ] || wrong "$name: no CSV"
  ls "$name"/figures/* >/dev/null 2>&1 && wrong "$name: half a figure"
  "$synlab" verify "$name" >log 2>&1 || wrong "$name: $(cat log)"
}

fake() {
  mkdir -p "$1"
  printf '#!/bin/sh\n%s\n' "$2" >"$1/gnuplot"
  chmod +x "$1/gnuplot"
}
fake silent 'exit 0'
fake halved 'cat >/dev/null; printf "<?xml version"'
fake broken 'echo no such terminal >&2; exit 3'
fake killed 'kill -9 $$'
fake unloadable 'echo gnuplot: error while loading shared libraries: cannot allocate memory >&2; exit 127'
without silent-page 'drew nothing' env PATH="$work/silent:$PATH"
without halved-page 'no whole' env PATH="$work/halved:$PATH"
without broken-page 'no such terminal' env PATH="$work/broken:$PATH"
without killed-page 'it was killed by signal' env PATH="$work/killed:$PATH"
without unloadable-page 'cannot allocate memory' env PATH="$work/unloadable:$PATH"
mkdir none
ln -s "$(command -v env)" none/env
without none-page 'make deps' "$work/none/env" PATH="$work/none"

# ---- no font: pictures would have no text
mkdir nothing
cat >fonts.conf <<EOF
<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>$work/nothing</dir><cachedir>$work/nothing</cachedir></fontconfig>
EOF
without fontless-page 'no font is found' env FONTCONFIG_FILE="$work/fonts.conf"

# ---- and with all that is needed
"$synlab" run page.lua --out whole 2>log || wrong "whole: $(cat log)"
[ -s whole/figures/small.png ] && [ -s whole/figures/small.svg ] && [ -s whole/figures/small.narrow.svg ] ||
  wrong 'whole: no figure'
grep -q '^\[!\[Small; .* on average: ' whole/page.md || wrong 'whole: no words for those who see no figure'

# ---- what a figure shows, in words
"$synlab" run alt.lua --out alt 2>log || wrong "alt: $(cat log)"
grep -qF '[![It took 1 run \[x &lt; 2\].](figures/given.png)](figures/given.svg)' alt/alt.md || wrong 'alt: given'
grep -qF '[![Of 1](figures/asked.png)]' alt/alt.md || wrong 'alt: asked'
grep -qF '[![In A α\_s = 0.5 of 1.](figures/fallen.png)]' alt/alt.md || wrong 'alt: fallen'
grep -qF '<title>Title of given</title>' alt/figures/given.svg || wrong 'alt: the title of the SVG'
grep -qF '<desc>It took 1 run [x &lt; 2].</desc>' alt/figures/given.narrow.svg || wrong 'alt: the SVG'
sed 's/It took/${m}/' alt.lua >lost.lua
"$synlab" run lost.lua --out lost 2>log
[ $? -ne 0 ] && grep -q 'the text has ${m}' log || wrong "lost: $(cat log)"
finish

#!/bin/sh
# Packs of a store that cannot be read - a folder, a link to nothing, a pipe, another user's: whoever reads the
# store names them in one line each and has the rest, and no command calls that all, or touches them.
#
#   store_unreadable.sh SYNLAB SOURCE_DIR
. "$(dirname "$0")/../lib.sh"
synlab=$1 source=$2

cat >page.lua <<'LUA'
local lab = require "experiment"
return lab.chapter { id = "page", title = "A page",
  runs = lab.sweep { task = "boundary", points = 20, iterations = 20, net = { 2, 3, 1 },
    lab.synaptic { policy = lab.qtable { history = 1 }, epsilon = 0.25 }, seeds = 4 },
  function(results) return ("%d runs"):format(#results) end }
LUA
"$synlab" run page.lua --out pages 2>stderr || { cat stderr; exit 1; }
"$synlab" merge pages --out good >/dev/null
as_before good before
pack=$(basename good/runs/*.jsonl)
key=$(sed -n '1s/^{"key":"\([0-9a-f]*\)".*/\1/p' "good/runs/$pack")
# of the thing itself
state() { stat -c '%n %i %F %a %s %Y' "bad/runs/$strange"; }
named() { [ "$(grep -c "^synlab: bad/runs/$strange: cannot be read: $why, so what is in it is unknown" stderr)" = 1 ]; }
# reads NAME STATUS PATTERN COMMAND...: it has the rest, and names the pack in one line
reads() {
  check "$@"
  expect "$1: it is named" named
  expect "$1: and nothing else" [ "$(grep -c '^synlab: ' stderr)" = 1 ]
}

# unreadable NAME WHY [AS...]: bad/runs/$strange cannot be read by programs that are called AS
unreadable() {
  kind=$1 why=$2
  shift 2
  state >was
  reads "$kind: list" 1 '^4 runs' "$@" "$synlab" store list bad
  reads "$kind: show" 0 "^key $key" "$@" "$synlab" store show bad "$key"
  reads "$kind: diff" 1 '0 only in good, 0 only in bad, 0 different, 4 the same, 1 damaged' \
    "$@" "$synlab" store diff good bad
  reads "$kind: merge from it" 1 '4 copied, .* 1 damaged' "$@" "$synlab" merge bad --out new
  reads "$kind: merge into it" 0 '4 there already' "$@" "$synlab" merge good --out bad
  reads "$kind: why" 0 '4 runs in the store' "$@" "$synlab" store why page.lua --out bad
  reads "$kind: plan" 0 'No run is missing' "$@" "$synlab" plan page.lua --store bad --out paged
  reads "$kind: run" 0 '4 of them kept' "$@" "$synlab" run page.lua --store bad --out paged
  cp -r pages/page.* pages/data pages/manifest.json bad
  reads "$kind: verify" 1 'as written' "$@" "$synlab" verify bad
  check "$kind: prune" 0 'to remove' "$@" "$synlab" store prune bad
  check "$kind: prune --yes" 1 ' removed' "$@" "$synlab" store prune bad --yes
  expect "$kind: prune: it is named" [ "$(cat stderr)" = "synlab: bad/runs/$strange: $why; it is left alone" ]
  reads "$kind: prune: all of the rest is there" 1 '^4 runs' "$@" "$synlab" store list bad
  sed -i 2d "bad/runs/$pack"
  reads "$kind: what is missing is computed" 0 '3 of them kept' "$@" "$synlab" run page.lua --store bad --out paged
  state >after
  expect "$kind: it is as it was" cmp was after
  chmod -R a+rwX . # what others have written
  rm -rf bad new paged
}

begin() { # begin NAME: a store in which something is stale, and $strange is still to be made
  strange=$1
  cp -r good bad && cp "$(ls before/runs/*.json | head -1)" bad/runs
}
begin x.jsonl && mkdir "bad/runs/$strange" && cp "good/runs/$pack" "bad/runs/$strange"
unreadable 'a folder' 'Is a directory'
begin 0.jsonl && ln -s nothing "bad/runs/$strange"
unreadable 'a link to nothing' 'No such file or directory'
begin x.jsonl && ln -s "$strange" "bad/runs/$strange"
unreadable 'a link to itself' 'Too many levels of symbolic links'
begin x.jsonl && mkfifo "bad/runs/$strange"
unreadable 'a pipe' 'it is no regular file'
# what may not be read, by somebody who may do all else
begin x.jsonl && cp "good/runs/$pack" "bad/runs/$strange" && chmod 0 "bad/runs/$strange"
if [ "$(id -u)" != 0 ]; then
  unreadable "another's" 'Permission denied'
elif setpriv --reuid=54321 --clear-groups true 2>/dev/null; then
  mkdir -p app/bin app/share/synlab # that anybody may read
  cp "$synlab" app/bin && cp -r "$source/experiments" "$source/paper" "$source/policies" app/share/synlab
  chmod -R a+rwX . && chmod 0 "bad/runs/$strange" && synlab=app/bin/synlab
  unreadable "another's" 'Permission denied' setpriv --reuid=54321 --clear-groups
fi
finish

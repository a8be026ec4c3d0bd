#!/bin/sh
# Chapters that need each other, computed in one queue: stopped by a signal, on an OUT that cannot be
# written, with a wrong run in the middle, needed by another name than their id, and behind a chapter of
# which every run fails.
#
#   needs.sh SYNLAB
. "$(dirname "$0")/../lib.sh"
synlab=$1
answer() { cat "$work/stderr"; }
chapter() { # chapter FILE ID KEYS
  cat >"$1.lua" <<LUA
local lab = require "experiment"
local some = lab.set { task = "boundary", points = 20, iterations = 30 }
return lab.chapter { id = "$2", title = "$2", $3, function(results) return ("%d runs"):format(#results) end }
LUA
}

# ---- signals: the first chapter of two, the second, and a chapter's own function
chapter long long 'runs = lab.sweep { some, iterations = 2000000, lab.descent {}, seeds = 3 }'
chapter first first 'runs = lab.sweep { some, lab.descent {}, seeds = 2 },
  provides = function(results) return { rate = results[1].train.loss / 10 } end'
chapter second second 'needs = { "first" }, runs = function(needs)
  return lab.sweep { some, iterations = 2000000, rate = needs.first.rate, lab.descent {}, seeds = 3 } end'
chapter endless endless 'runs = lab.sweep { some, lab.descent {} }, files = function() while true do end end'
for signal in INT TERM HUP; do
  case $signal in INT) status=130 ;; TERM) status=143 ;; HUP) status=129 ;; esac
  for name in long second endless; do
    store=$signal-$name
    setsid env --default-signal=HUP "$synlab" run $name.lua --out $store --jobs 4 >stdout 2>stderr &
    program=$!
    for tries in $(seq 1200); do # until it computes the last of its chapters
      case $name in
      endless) [ "$(n_records $store)" = 1 ] && break ;;
      second) [ "$(n_records $store)" = 2 ] && [ "$(children $program | wc -w)" = 3 ] && break ;;
      long) [ "$(children $program | wc -w)" = 3 ] && break ;;
      esac
      sleep 0.05
    done
    sleep 0.5
    kill -$signal $program
    wait $program
    got=$?
    kept=$(ls $store/runs/*.checkpoint 2>/dev/null | wc -l)
    if [ $got = $status ] && # where nothing is computed it ends at once
      { [ $name = endless ] || { [ "$kept" = 3 ] && grep -q 'stopped; finished runs' stderr; }; }
    then pass; else
      wrong "$signal, $name: exit status $got, $kept checkpoints: $(head -n 3 stderr)"
    fi
  done
done

# ---- errors in the midst of the queue
touch file
check 'an OUT that is a file' 2 'file' "$synlab" run second.lua --out file
chapter wrong wrong 'needs = { "first" }, runs = function(needs)
  return lab.sweep { some, rate = needs.first.rate - 5, lab.descent {} } end'
check 'a wrong run of the second chapter' 2 'wrong, run 1 of 1: rate = -' "$synlab" run wrong.lua --out wrong

# ---- a book that answers no claim of the paper says nothing of them
echo 'return require("experiment").book { name = "both", title = "Both", chapters = { "first", "second" } }' >both.lua
sed -i 's/2000000/200/' second.lua
check 'a book of one'"'"'s own' 0 '' "$synlab" run both.lua --out both
expect 'has its chapters, and no verdicts' sh -c 'grep -q "^## second" both/both.md && ! grep -q Verdicts both/both.md'

# ---- names
chapter named other-id 'runs = lab.sweep { some, lab.descent {} }'
chapter use use 'needs = { "named" }, runs = function(needs)
  return lab.sweep { some, rate = needs.named[1].train.loss / 10, lab.descent {} } end'
check 'another name than its id' 0 'use: 2 runs' "$synlab" run use.lua --out named
check 'and once it is in the store' 0 '2 of them kept' "$synlab" run use.lua --out named
chapter keyed keyed 'needs = { x = "first" }, runs = lab.sweep { some, lab.descent {} }'
check 'needs that are no list' 2 'it is a list of names' "$synlab" run keyed.lua --out keyed

# ---- every run of a need fails: what needs it is not computed, all else is
cat >fails.lua <<'LUA'
return rule { name = "fails", doc = "fails", history = 1, init = function() return { n = 0 } end,
  act = function(s) return 0 end,
  learn = function(m) m.n = m.n + 1; if m.n > 5 then error "no more" end end }
LUA
chapter base base 'runs = lab.sweep { some, lab.synaptic { policy = lab.rule "fails.lua", epsilon = 0.2 } },
  provides = function(results) return { rate = results[1].train.loss } end'
chapter on_it on_it 'needs = { "base" }, runs = function(needs)
  return lab.sweep { some, rate = needs.base.rate, lab.descent {} } end'
chapter alone alone 'runs = lab.sweep { some, lab.descent {}, seeds = 2 }'
echo 'return require("experiment").book { name = "book", title = "Book", chapters = { "on_it", "alone", "base" } }' >book.lua
check 'a need that fails' 1 '1 run failed' "$synlab" run book.lua --out book
grep -q "Not computed:\*\* it needs 'base', of which every run has failed" book/book.md ||
  wrong 'the page does not say why a chapter is not there'
grep -q '^2 runs' book/book.md || wrong 'the other chapter is not there'

# ---- what is read is a regular file, and a text has no byte of value 0
mkfifo pipe
mkdir -p manifest store/runs && mkfifo manifest/manifest.json
check 'a script that is a pipe' 2 'no regular file' timeout 3000 "$synlab" run pipe
check 'a plan that is a device' 2 'no regular file' timeout 3000 "$synlab" work /dev/zero
check 'a manifest that is a pipe' 2 'no regular file' timeout 3000 "$synlab" verify manifest
check 'a run in a pipe' 0 'alone: 2 runs' timeout 3000 "$synlab" run alone.lua --out store
as_before store before
for record in before/runs/*.json; do rm "$record" && mkfifo "$record"; done
check 'records that are pipes' 0 'no regular file; it is computed again' timeout 3000 "$synlab" run alone.lua --out before
for pack in store/runs/*.jsonl; do rm "$pack" && mkfifo "$pack"; done
check 'packs that are pipes' 0 'jsonl: cannot be read: it is no regular file' timeout 3000 "$synlab" run alone.lua --out store
echo 'require("synlab").run { { task = "boundary", method = "descent", ["rate\0x"] = 0.5 } }' >zero.lua
check 'a name with a byte of value 0' 2 "the name 'rate' goes on" timeout 3000 "$synlab" run zero.lua --out zero
echo 'require("synlab").run { { task = "boundary", method = "descent\0x" } }' >zero.lua
check 'a text with one' 2 "the text 'descent' goes on" timeout 3000 "$synlab" run zero.lua --out zero

finish

#!/bin/sh
# docs/reference.md says what the program says: its second part is what `synlab manual markdown` prints,
# its first has every word of lab, every key of a chapter and every field of a record, and no other.
#
#   reference.sh SYNLAB SOURCE_DIR
. "$(dirname "$0")/../lib.sh"
synlab=$1 page=$2/docs/reference.md
"$synlab" manual markdown >printed
sed -n '/^## Commands/,$p' "$page" >written
diff written printed ||
  wrong 'docs/reference.md, from "## Commands" on, is not what `synlab manual markdown` prints'

cat >words.lua <<'LUA'
local lab, s = require "experiment", require "synlab"
for name in pairs(lab) do print("lab." .. name) end
for name in pairs(require("pages.declarations").chapter_keys) do print("key " .. name) end
local function fields(value, prefix)
  for key, inner in pairs(value) do
    if type(inner) == "table" and not inner[1] and key ~= "spec" then
      fields(inner, prefix .. key .. ".")
    else
      print("field " .. prefix .. key)
    end
  end
end
local qtable = { name = "qtable", average_after = 5 }
local breaks = { name = "rule", file = "breaks", text = [[
  return rule { name = "breaks", doc = "breaks", history = 1, init = function() return {} end,
    act = function() return 0 end, learn = function() error "it breaks" end }]] }
fields(s.run { { task = "boundary", method = "synaptic", iterations = 20, points = 30, map = 4, trace = 1, cosine = 1,
  policy = qtable } }[1], "")
fields(s.run { { task = "images", data = "letters", method = "synaptic", iterations = 4, validate_every = 2,
  curve_every = 2, policy = { name = "random" } } }[1], "")
fields(s.run { { task = "boundary", method = "synaptic", iterations = 5, points = 30, policy = breaks } }[1], "")
LUA
"$synlab" run words.lua --out out 2>log | sort -u >there
{
  sed -n '/^## Words/,/^### Keys/p' "$page" | grep '^|' | cut -d'|' -f2 | grep -o '`lab\.[a-z_]*' | tr -d '`'
  sed -n '/^### Keys/,/^## Fields/p' "$page" | grep '^|' | cut -d'|' -f2 | grep -o '`[a-z_]*`' | tr -d '`' | sed 's/^/key /'
  sed -n '/^## Fields/,/^## Commands/p' "$page" | grep '^|' | cut -d'|' -f2 | grep -o '`[a-z_.]*`' | tr -d '`' | sed 's/^/field /'
} | sort -u >named
[ "$(wc -l <there)" -gt 60 ] || wrong "few words: $(cat log)"
diff named there || wrong '< stands in docs/reference.md only, > in the program only'
for form in --help 'manual man' 'manual markdown'; do
  "$synlab" $form | tr '\n' ' ' | grep -qi 'exit status.* 130.*SIGINT.* 141.*SIGPIPE' ||
    wrong "synlab $form does not name all exit statuses"
done
"$synlab" manual man | grep -q '^\.SH OPTIONS OF A RUN' || wrong 'no manual page'
"$synlab" manual bash >complete && bash -c '. ./complete
  COMP_WORDS=(synlab verify --j) COMP_CWORD=2; _synlab; [ "${COMPREPLY[*]}" = --jobs ] || exit 1
  COMP_WORDS=(synlab data "") COMP_CWORD=2; _synlab; [ "${COMPREPLY[*]}" = "list info sheet verify" ]' ||
  wrong 'completion'
echo "$(wc -l <named) words"
finish

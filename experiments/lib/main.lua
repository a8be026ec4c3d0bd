--- The program's own script: runs the one that was asked for, and writes the pages of the chapters and
--- books that it declares. What it reaches by `require` only stands ready.
local asked = require "runs.asked" -- before any script can look

return function(path)
  local text, why = require("synlab").read(path)
  if not text then error(why, 0) end
  -- a mark of byte order, and a first line for the shell, are no Lua
  local script, wrong = load(text:gsub("^\239\187\191", ""):gsub("^#[^\n]*", ""), "@" .. path)
  if not script then error(wrong, 0) end
  script()
  require("experiment").publish()
  asked.say_unused_without_page(path)
end

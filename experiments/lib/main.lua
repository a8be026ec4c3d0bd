--- The program's own script: runs the one that was asked for, and writes the pages of the chapters and
--- books that it declares. What it reaches by `require` only stands ready.
local asked = require "runs.asked" -- before any script can look
local acted = require "runs.acted"
local names = require "text.names"

local function loaded(path)
  local text, why = require("synlab").read(path)
  if not text then error(why, 0) end
  if text:sub(1, 1) == "\27" then error(path .. ": this is compiled Lua; a script is a text", 0) end
  -- a mark of byte order, and a first line for the shell, are no Lua
  local script, wrong = load(text:gsub("^\239\187\191", ""):gsub("^#[^\n]*", ""), "@" .. path, "t")
  if not script then error(wrong, 0) end
  return script
end

--- No page is written. That is as it was meant where the script has done something itself.
local function without_page(path, value, declared)
  if declared > 0 then
    require("synlab").say(path .. ": what lab.declare makes is no page; lab.chapter writes one")
  elseif not acted() then
    error(("%s: it declares no page%s; a script ends with `return lab.chapter { id = ..., title = ..., "
      .. "runs = ... }`"):format(path, value == nil and "" or " and returns " .. names.kind(value)
      .. ", which nobody takes"), 0)
  end
end

return function(path)
  local value = loaded(path)()
  local pages, declared = require("experiment").publish()
  if pages == 0 then without_page(path, value, declared) end
  asked.say_unused_without_page(path)
end

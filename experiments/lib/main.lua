--- The program's own script: runs the one that was asked for, and writes the pages of the chapters and
--- books that it declares. What it reaches by `require` only stands ready.
local asked = require "asked" -- before any script can look

return function(path)
  local script, why = loadfile(path)
  if not script then error(why, 0) end
  script()
  require("experiment").publish()
  asked.say_unused_without_page(path)
end

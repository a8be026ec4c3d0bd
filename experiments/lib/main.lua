--- The program's own script: runs the one that was asked for, and writes the pages of the chapters and
--- books that it declares. What it reaches by `require` only stands ready.
return function(path)
  local script, why = loadfile(path)
  if not script then error(why, 0) end
  script()
  require("experiment").publish()
end

--- Has a script done anything that shows? Written somewhere, called a program, had the host compute or
--- write. Each of these is watched until it is called for the first time.
local synlab = require "synlab"

local done = false

local function watch(place, name)
  local call = place[name]
  place[name] = function(...)
    place[name], done = call, true
    return call(...)
  end
end

for _, name in ipairs { "run", "queue", "plan", "write", "write_gzip", "manifest", "say", "missing", "gnuplot", "bench" } do
  watch(synlab, name)
end
for _, name in ipairs { "execute", "remove", "rename", "exit" } do watch(os, name) end
for _, name in ipairs { "write", "popen" } do watch(io, name) end
watch(getmetatable(io.stdout).__index, "write")
watch(_G, "print")

return function() return done end

-- expect: stack overflow
-- Through C: gsub calls a function that calls gsub.
local function f() return (("x"):gsub("x", f)) end
f()

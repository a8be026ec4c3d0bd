-- expect: it ran for more than
local function f() return f() end
f()

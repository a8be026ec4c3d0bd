-- expect: [line 2 in f < line 2 in f < line 2
local function f() return 1 + f() end
f()

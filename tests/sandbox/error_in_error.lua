-- expect: stack overflow
-- CVE-2022-33099: a stack overflow while an error message is made.
local s = ("f"):rep(200)
local function f(...) return s .. f(s, ...) end
f()

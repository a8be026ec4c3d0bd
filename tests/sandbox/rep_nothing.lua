-- expect: ok
-- Lua itself would count to 2^62 here, in C.
assert(string.rep("", 1 << 62) == "" and string.rep("", 1 << 62, "") == "")
assert(("x"):rep(-1) == "" and ("x"):rep(3, "-") == "x-x-x")

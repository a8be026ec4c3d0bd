-- expect: it ran for more than
-- A plain search has a bad case too.
local s, p = ("a"):rep(1 << 19), ("a"):rep(1 << 18) .. "b"
while true do s:find(p, 1, true) end

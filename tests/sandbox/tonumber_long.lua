-- expect: it ran for more than
-- The digits of a long text are paid for, so that the limit is looked at in between.
local s = ("9"):rep(2 ^ 20 - 10)
for _ = 1, 1e9 do tonumber(s) tonumber(s, 36) end

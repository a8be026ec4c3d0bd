-- expect: the time limit
-- Lua reads the limit of a loop as a number, where it is a text; the clock is looked at in between.
local s = "1." .. ("0"):rep(2 ^ 20 - 10)
for _ = 1, 1e9 do
  for _ = 1, s do break end
end

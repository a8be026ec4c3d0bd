-- expect: it ran for more than
-- A full table is counted anew at every key that is new to it.
local t = {}
for i = 1, (1 << 16) - 1 do t[-i] = 1 end
while true do
  t.a, t.b = 1, nil
  t.a, t.b = nil, 1
end

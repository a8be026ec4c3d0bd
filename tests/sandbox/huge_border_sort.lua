-- expect: is too long; at most 4000000
local t = { 1, 2, 3, 4 }
for i = 2, 61 do t[1 << i], t[(1 << i) + 1] = 0, 0 end
table.sort(t)

-- expect: it ran for more than
local t = {}
for i = 1, 1000000 do t[i] = 1000000 - i end
while true do table.sort(t) end

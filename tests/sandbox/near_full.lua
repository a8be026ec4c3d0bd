-- expect: near_full.lua:
-- Memory that is all but full is collected for every little thing: that ends at the limit.
local keep = {}
for i = 1, 420000 do keep[i] = { i, i } end
for i = 1, 1e9 do local garbage = { {}, {} } end

-- expect: it wants more than 64 MiB of memory
-- Where the table of texts cannot double, Lua goes on without, and collects for every new text.
local t = {}
for i = 1, 1e8 do t[tostring(i)] = true end

-- expect: it wants more than 64 MiB of memory
local t = {}
while true do t[#t + 1] = { 1, 2, 3, 4 } end

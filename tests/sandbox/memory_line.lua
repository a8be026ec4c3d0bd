-- expect: memory_line.lua:4: it wants more than 64 MiB of memory
local t = {}
for i = 1, 100 do
  t[i] = ("x"):rep((1 << 20) - 100) .. i
end

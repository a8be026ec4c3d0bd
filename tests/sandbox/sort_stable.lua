-- expect: ok
local t = {}
for i = 1, 500 do t[i] = { key = i % 7, place = i } end
table.sort(t, function(a, b) return a.key < b.key end)
for i = 2, 500 do
  local a, b = t[i - 1], t[i]
  assert(a.key < b.key or a.key == b.key and a.place < b.place)
end

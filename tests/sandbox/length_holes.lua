-- expect: ok
-- The length of a list follows from its contents, not from the size of its table and so from hashes.
local function holes(first)
  local t = {}
  for i = first, 20 do t[i] = i end
  for i = 1, 15 do t["k" .. i] = i end
  for i = 2, 15 do t[i], t["k" .. i] = nil, nil end
  return t
end
local one, two = holes(1), {}
for i = 20, 16, -1 do two[i] = i end
two[1] = 1
assert(#one == #two and rawlen(one) == #two)
assert(select("#", table.unpack(one)) == #two)
table.insert(two, "x")
assert(two[#one + 1] == "x" and #{ nil, 2 } == 0)
local list = {}
for i = 1, 100 do list[#list + 1] = i end
assert(#list == 100 and table.remove(list, 1) == 1 and #list == 99 and list[99] == 100)
table.insert(list, 1, "first")
assert(list[1] == "first" and list[2] == 2 and table.remove(list) == 100)
assert(table.concat({ 1, 2, 3 }, ", ", 2) == "2, 3" and table.remove({}) == nil)

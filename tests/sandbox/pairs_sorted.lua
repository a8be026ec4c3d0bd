-- expect: ok
local keys = {}
for key in pairs { zeta = 1, alpha = 2, [3] = 3, [1.5] = 4, [true] = 5, beta = 6, [-1] = 7 } do
  keys[#keys + 1] = tostring(key)
end
assert(table.concat(keys, " ") == "-1 1.5 3 alpha beta zeta true")

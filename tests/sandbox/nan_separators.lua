-- expect: ok
-- A number stands for a text also as a separator and as a format; no sign of nan there either.
local n = 0 / 0
for _, x in ipairs { n, -n } do
  assert(table.concat({ 1, 2 }, x) == "1nan2" and string.rep("a", 2, x) == "anana" and string.format(x) == "nan")
end
assert(table.concat({ 1, 2 }) == "12" and table.concat({ 1, 2 }, nil, 1, 1) == "1" and table.concat { } == "")
assert(string.rep("a", 3) == "aaa" and string.rep("a", 3, nil) == "aaa" and table.concat({ 1, 2 }, 0) == "102")

-- expect: ok
-- 0/0 has its sign bit set on x86 and not on ARM; no text shows it.
local n = 0 / 0
for _, x in ipairs { n, -n } do
  assert(tostring(x) == "nan" and x .. "" == "nan" and "x" .. x .. "y" == "xnany")
  assert(("%g|%5.1f|%-6e|%+a|% G|%s|%q|%05g"):format(x, x, x, x, x, x, x, x)
    == "nan|  nan|nan   |nan|nan|nan|(0/0)|  nan")
  assert(table.concat({ x, 1 }, ",") == "nan,1" and string.len(x) == 3 and string.rep(x, 2) == "nannan")
  assert(string.byte(x) == ("n"):byte() and string.upper(x) == "NAN" and string.sub(x, 1, 1) == "n")
  assert(string.find(x, "n") == 1 and string.match(x, "^%-") == nil and ("a"):gsub("a", x) == "nan")
  assert(("a"):gsub("a", function() return x end) == "nan" and string.reverse(x) == "nan")
end

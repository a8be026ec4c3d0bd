-- expect: ok
-- The matcher does what Lua's does.
local function list(...)
  local t = { ... }
  for i = 1, select("#", ...) do t[i] = tostring(t[i]) end
  return table.concat(t, ",")
end
assert(list(("hello world"):find("o w")) == "5,7")
assert(list(("hello"):find("l+")) == "3,4")
assert(list(("hello"):find("")) == "1,0")
assert(list(("hello"):find("", 6)) == "6,5")
assert(list(("hello"):find("", 7)) == "nil")
assert(list(("hello"):find("l", -2)) == "4,4")
assert(list(("a.b"):find(".", 1, true)) == "2,2")
assert(list(("a+b"):find("+", 1, true)) == "2,2")
assert(list(("key = value"):match("^(%w+)%s*=%s*(%w+)$")) == "key,value")
assert(list(("2026-11-23"):match("(%d+)-(%d+)-(%d+)")) == "2026,11,23")
assert(list(("  trim  "):match("^%s*(.-)%s*$")) == "trim")
assert(list(("f(a(b)c)d"):match("%b()")) == "(a(b)c)")
assert(list(("THE (quick) fox"):find("%((%a+)%)")) == "5,11,quick")
assert(list(("hello"):match("()ll()")) == "3,5")
assert(list(("abcabc"):match("(a)bc%1")) == "a")
assert(list(("THE (quick) fox"):gsub("%f[%a]%a+", "x")) == "x (x) x,3")
assert(list(("hello world"):gsub("o", "0", 1)) == "hell0 world,1")
assert(list(("hello"):gsub("", "-")) == "-h-e-l-l-o-,6")
assert(list(("abc"):gsub("%w", "%0%0")) == "aabbcc,3")
assert(list(("hello world"):gsub("(%w+) (%w+)", "%2 %1")) == "world hello,1")
assert(list(("abc"):gsub("b", function(c) return c:upper() end)) == "aBc,1")
assert(list(("abc"):gsub("b", function() end)) == "abc,1")
assert(list(("x^2"):gsub("%^", "**")) == "x**2,1")
assert(list(("a,b,,c"):gsub(",", ";")) == "a;b;;c,3")
assert(list(("[x]"):match("[]]")) == "]")
assert(list(("a-z"):match("[a%-z]+")) == "a-z")
assert(list(("a-z"):match("[^%w]")) == "-")
assert(list(("x\0y"):find("\0")) == "2,2")
local words = {}
for word in ("one two  three"):gmatch("%a+") do words[#words + 1] = word end
assert(table.concat(words, "|") == "one|two|three")
for k, v in ("a=1, b=2"):gmatch("(%w+)=(%w+)") do words[#words + 1] = k .. v end
assert(table.concat(words, "|") == "one|two|three|a1|b2")
local n = 0
for _ in ("abc"):gmatch("") do n = n + 1 end
assert(n == 4)

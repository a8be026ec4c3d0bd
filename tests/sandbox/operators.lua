-- expect: ok
-- # and .. are spelt anew before the text is compiled; nobody notices.
local function count(...) return select("#", ...) end
local a, b, c, t = "a", "b", 1, { 1, 2, 3 }
assert(#"abc" == 3 and #t == 3 and -#t == -3 and 2 ^ #t == 8 and not (#t == 1))
assert(a..b..c..2 .."z" == "ab12z" and 1 ..2 == "12" and a..#t..[[x]] == "a3x" and #a..b == "1b")
assert((a..b):upper() == "AB" and not(a..b~="ab") and #t+1 == 4 and #{n = #t} == 0)
local s = "--[[ # .. ]]" --[[ # .. ]] assert(#s == 12) -- # ..
--[==[ ]] # ]==] assert(s:len() == 12 and "\"#" .. '#\'..' == "\"##'..")
assert(count(...) == 0 and count(1, 2, 3) == 3 and 0x1p4 ..0xAp-1 == "16.05.0" and .5 .. 1. == "0.51.0")
local function length(x)return#x end
assert(length(t) == 3 and rawlen(t) == 3 and rawlen("ab") == 2)

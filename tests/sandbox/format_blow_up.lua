-- expect: more than 1 MiB
local s = ("x"):rep(1 << 19)
return string.format("%s%s%s%s", s, s, s, s)

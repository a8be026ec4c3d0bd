-- expect: bad argument #1 to 'sub' (string expected, got table)
-- Guarded functions say their names, from where ever they are called.
local sub = string.sub
return sub({}, 1)

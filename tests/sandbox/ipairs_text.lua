-- expect: bad argument #2
-- The function that walks a list takes the place as a number, not as a text.
local step = ipairs({})
step({}, "1")

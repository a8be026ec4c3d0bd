-- expect: operator_join.lua:3: attempt to concatenate a table value
local x = { }
return "a" .. x .. "b"

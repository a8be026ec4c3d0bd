-- expect: attempt to index a string value
local s = "text"
s.upper = function() return "mine" end

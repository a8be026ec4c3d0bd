-- expect: getmetatable is not offered to a rule
getmetatable("").__index.upper = function() return "mine" end

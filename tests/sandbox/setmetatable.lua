-- expect: setmetatable is not offered to a rule
-- A finalizer would run when nobody counts.
setmetatable({}, { __gc = function() while true do end end })

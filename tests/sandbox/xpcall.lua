-- expect: xpcall is not offered to a rule
xpcall(error, function() while true do end end)

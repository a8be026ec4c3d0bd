-- expect: is too long; at most 4000000
return table.concat({}, "x", 1, math.maxinteger)

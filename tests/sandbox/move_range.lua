-- expect: is too long; at most 4000000
return table.move({}, 1, 1 << 40, 2)

-- expect: it ran for more than
for _ = 1, math.huge do end

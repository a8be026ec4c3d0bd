-- expect: it ran for more than
for _ in ("x"):rep(200000):gmatch("x*y") do end

-- expect: ok
table.sort(string)
assert(("x"):rep(2) == "xx")

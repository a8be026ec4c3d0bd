-- expect: it ran for more than
return (("a"):rep(1000):gsub(("a*"):rep(9) .. "b", ""))

-- expect: it ran for more than
return ("a"):rep(40):match(("a?"):rep(40) .. ("a"):rep(41))

-- expect: string.rep makes a text of more than 1 MiB
return ("xxxxxxxx"):rep(math.maxinteger, "yyyyyyyy")

-- expect: string.rep makes a text of more than 1 MiB
return ("x"):rep(1 << 40)

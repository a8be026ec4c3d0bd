-- expect: string.pack is not offered to a rule
return string.pack("!16s", ("x"):rep(100))

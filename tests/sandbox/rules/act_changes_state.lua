-- expect: a state cannot be changed
return rule {
  name = "writes to the state", history = 1,
  act = function(s) s.a[1] = 1 return 0 end,
}

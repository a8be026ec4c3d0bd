-- expect: act answers differently when asked twice
local n = 0
return rule {
  name = "counts", history = 1,
  act = function() n = n + 1 return n % 2 end,
}

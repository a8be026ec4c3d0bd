-- expect: act answers differently when asked twice
-- A counter with the period of the table.
local n = 0
return rule {
  name = "counts nine", history = 1,
  act = function() n = n + 1 return n % 9 == 1 and 1 or 0 end,
}

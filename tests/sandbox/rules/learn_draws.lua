-- expect: ok
-- Its own random numbers come from the run's seed: two instances draw the same.
return rule {
  name = "draws while learning", history = 0,
  init = function() return { a = 0 } end,
  learn = function(m) m.a = math.random(-1, 1) end,
  act = function(_, _, m) return m.a end,
}

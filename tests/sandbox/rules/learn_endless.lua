-- expect: learn, iteration 3, seed 1
return rule {
  name = "endless learning", history = 1,
  init = function() return { n = 0 } end,
  learn = function(m)
    m.n = m.n + 1
    while m.n == 3 do end
  end,
  act = function() return 0 end,
}

-- expect: act cannot draw; it may return {p_dec, p_null, p_inc}
return rule {
  name = "draws", history = 0,
  act = function() return math.random(-1, 1) end,
}

-- expect: it ran for more than
return rule {
  name = "endless step", sees = { "weight" },
  step = function(v, out) while true do local _ = v.weight[1] end end,
}

-- expect: write out:sign(x), with a colon
return rule {
  name = "steals a method", sees = { "weight" },
  step = function(v, out)
    local sign = out.sign
    sign("no view", v.weight)
  end,
}

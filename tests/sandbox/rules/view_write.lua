-- expect: a view cannot be written
return rule {
  name = "writes a weight", sees = { "weight" },
  step = function(v, out)
    v.weight[1] = 0
    out:sign(v.weight)
  end,
}

-- expect: out:sign got inf
return rule {
  name = "infinity", sees = { "weight" },
  step = function(v, out) out:sign(abs(v.weight) / 0) end,
}

-- expect: index 0 is outside of the view: it has numbers 1 to 143
return rule {
  name = "index 0", sees = { "weight" },
  step = function(v, out) out:sign(v.weight[0]) end,
}

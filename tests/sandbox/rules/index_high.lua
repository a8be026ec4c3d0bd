-- expect: index 144 is outside of the view: it has numbers 1 to 143
return rule {
  name = "index n + 1", sees = { "weight" },
  step = function(v, out) out:sign(v.weight[#v.weight + 1]) end,
}

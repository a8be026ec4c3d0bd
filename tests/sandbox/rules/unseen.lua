-- expect: v.pre is not in sees
return rule {
  name = "looks", sees = { "weight" },
  step = function(v, out) out:sign(v.pre) end,
}

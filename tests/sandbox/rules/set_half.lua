-- expect: out:set got 0.5 for the bias of unit 1; it wants -1, 0 or 1
return rule {
  name = "half", sees = { "weight" },
  step = function(v, out) out:set(0.5) end,
}

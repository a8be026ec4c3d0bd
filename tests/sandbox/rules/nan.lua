-- expect: out:sign got nan for the bias of unit 1; it wants finite numbers
return rule {
  name = "nan", sees = { "weight" },
  step = function(v, out) out:sign(v.weight / 0 * 0) end,
}

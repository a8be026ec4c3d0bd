-- expect: views are compared number by number
return rule {
  name = "compares", sees = { "weight" },
  step = function(v, out) if v.weight > 0 then out:sign(1) end end,
}

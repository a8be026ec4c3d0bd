-- expect: is outside of the view
return rule {
  name = "index huge", sees = { "pre" },
  step = function(v, out) out:sign(v.pre[math.mininteger]) end,
}

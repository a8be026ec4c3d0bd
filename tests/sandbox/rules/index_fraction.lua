-- expect: index 1.5 is outside of the view
return rule {
  name = "index 1.5", sees = { "post" },
  step = function(v, out) out:sign(v.post[1.5]) end,
}

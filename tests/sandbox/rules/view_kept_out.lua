-- expect: a view is used after its call
local kept
return rule {
  name = "keeps out", sees = { "weight" },
  step = function(v, out)
    if kept then kept:sign(0) end
    kept = out
    out:sign(v.weight)
  end,
}

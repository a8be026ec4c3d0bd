-- expect: a view is used after its call
local kept
return rule {
  name = "keeps a view", sees = { "weight" },
  step = function(v, out)
    if kept then out:sign(kept) end
    kept = v.weight
    out:sign(kept)
  end,
}

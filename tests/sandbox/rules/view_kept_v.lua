-- expect: a view is used after its call
local kept
return rule {
  name = "keeps v", sees = { "weight" },
  step = function(v, out)
    kept = kept or v
    out:sign(kept.weight)
  end,
}

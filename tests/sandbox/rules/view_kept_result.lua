-- expect: a view is used after its call
local kept = {}
return rule {
  name = "keeps a result", sees = { "weight" },
  step = function(v, out)
    out:sign(v.weight)
    if kept[1] then local _ = kept[1] + 1 end
    kept[1] = v.weight * 2
  end,
}

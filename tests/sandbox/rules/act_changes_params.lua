-- expect: p.rate is assigned; parameters cannot be changed
return rule {
  name = "writes to p", history = 1,
  params = { rate = { default = 1, min = 0, max = 1, doc = "a rate" } },
  act = function(s, p) p.rate = 2 return 0 end,
}

-- expect: step makes too many results
return rule {
  name = "endless results", sees = { "weight" },
  step = function(v, out)
    local x = v.weight
    while true do x = x + 1 end
  end,
}

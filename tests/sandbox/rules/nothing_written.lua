-- expect: step wrote no actions
return rule {
  name = "does nothing", sees = { "weight" },
  step = function() end,
}

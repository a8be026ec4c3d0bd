local check, sweep = require "check", require "sweep"
local test, same = check.test, check.same

test("sweep: no lists, one run", function()
  same(sweep.expand { rate = 0.1, seed = 3 }, { { rate = 0.1, seed = 3 } })
end)

test("sweep: the cross product in the order of names, the seed fastest", function()
  same(sweep.expand { seed = { 7, 8 }, rate = { 0.1, 0.2 }, task = "boundary" }, {
    { rate = 0.1, seed = 7, task = "boundary" }, { rate = 0.1, seed = 8, task = "boundary" },
    { rate = 0.2, seed = 7, task = "boundary" }, { rate = 0.2, seed = 8, task = "boundary" } })
end)

test("sweep: seeds as a number and as a list", function()
  same(sweep.expand { seeds = 3 }, { { seed = 1 }, { seed = 2 }, { seed = 3 } })
  same(sweep.expand { seeds = { 11, 5 } }, { { seed = 11 }, { seed = 5 } })
  check.fails("seeds = 0; it is a number of seeds or a list", sweep.expand, { seeds = 0 })
  check.fails("seeds = 2.5", sweep.expand, { seeds = 2.5 })
end)

test("sweep: a net is a list by nature", function()
  same(sweep.expand { net = { 784, 10 } }, { { net = { 784, 10 } } })
  same(#sweep.expand { net = { { 784, 10 }, { 784, 32, 10 } } }, 2)
end)

test("sweep: a policy is one value, a list of policies are alternatives", function()
  same(#sweep.expand { policy = { name = "random" } }, 1)
  same(#sweep.expand { policy = { { name = "random" }, { name = "qtable" } } }, 2)
end)

test("sweep: later bases and named options win over earlier bases", function()
  local first, second = sweep.set { rate = 1, hidden = "tanh" }, sweep.set { rate = 2 }
  same(sweep.expand { first, second, hidden = "relu" }, { { rate = 2, hidden = "relu" } })
end)

test("sweep: sets as values bring their own options, lists among them", function()
  local runs = sweep.expand {
    method = { sweep.set { method = "synaptic", rate = { 1, 2 } },
      sweep.set { method = "descent" } },
    seeds = 2,
  }
  same(runs, {
    { method = "synaptic", rate = 1, seed = 1 }, { method = "synaptic", rate = 1, seed = 2 },
    { method = "synaptic", rate = 2, seed = 1 }, { method = "synaptic", rate = 2, seed = 2 },
    { method = "descent", seed = 1 }, { method = "descent", seed = 2 } })
end)

test("sweep: the declaration is left as it was", function()
  local declaration = { rate = { 1, 2 }, seeds = 2 }
  sweep.expand(declaration)
  same(declaration, { rate = { 1, 2 }, seeds = 2 })
end)

test("sweep: something without a name that is no set", function()
  check.fails("item 1 is a number; only sets", sweep.expand, { 5 })
end)

local check, sweep = require "check", require "runs.sweep"
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

test("sweep: seed and seeds are two words for one thing", function()
  local both = "seed and seeds are both given"
  check.fails(both, sweep.expand, { seed = { 1, 2 }, seeds = 3 })
  check.fails(both, sweep.expand, { sweep.set { seed = -1 }, seeds = 2 })
  check.fails(both, sweep.expand, { sweep.set { seeds = 2 }, seed = 1 })
  check.fails(both, sweep.expand, { sweep.set { seed = 1 }, sweep.set { seeds = 2 } })
  check.fails(both, sweep.expand, { method = { sweep.set { seed = 1 }, sweep.set {} }, seeds = 2 })
  check.fails(both, sweep.expand, { sweep.zip { seed = { 1, 2 }, rate = { 1, 2 } }, seeds = 2 })
  same(sweep.expand { sweep.set { seeds = 3 }, seeds = 1 }, { { seed = 1 } })
  same(sweep.expand { sweep.set { seed = 3 }, seed = 4 }, { { seed = 4 } })
  same(sweep.expand { seeds = 3, method = sweep.set { seeds = { 9 } } }, { { seed = 9 } })
  check.fails("seeds is an empty list", sweep.expand, { seeds = {} })
  check.fails("seeds has 2 twice", sweep.expand, { seeds = { 2, 2 } })
end)

test("sweep: nothing of a list or of a declaration is dropped", function()
  check.fails("rate is a list, and its 'seeds' has a name", sweep.expand,
    { rate = { 0.1, 0.2, seeds = 3 } })
  check.fails("net is a list, and its 'rate' has a name", sweep.expand,
    { net = { 2, 3, 1, rate = 3 } })
  check.fails("the policy's history is a list, and its 'order' has a name", sweep.expand,
    { policy = { name = "qtable", history = { 1, 2, order = "in_place" } } })
  check.fails("rate has a nil before its item 3", sweep.expand, { rate = { 0.1, nil, 0.3 } })
  check.fails("seeds has a nil before its item 2", sweep.expand, { seeds = { nil, 5 } })
  check.fails("a nil stands before item 2", sweep.expand, { nil, sweep.set { rate = 2 } })
  check.fails("the key true is no name", sweep.expand, { [true] = 1 })
  check.fails("zip: item 1 has no name", sweep.zip, { { 1, 2 }, rate = { 1, 2 } })
  check.fails("zip: rate has a nil before its item 3", sweep.zip, { rate = { 1, nil, 3 } })
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

test("sweep: lists in a policy are alternatives, in the policy inside it too", function()
  local runs = sweep.expand { policy = { name = "explore", epsilon = { 0.1, 0.2 },
    inner = { name = "qtable", history = { 0, 1, 2 } } } }
  same(#runs, 6)
  same(runs[1].policy, { name = "explore", epsilon = 0.1, inner = { name = "qtable", history = 0 } })
  same(runs[6].policy, { name = "explore", epsilon = 0.2, inner = { name = "qtable", history = 2 } })
end)

test("sweep: zipped lists go side by side", function()
  same(sweep.expand { sweep.zip { rate = { 1, 2 }, iterations = { 20, 10 } }, seeds = 2 }, {
    { rate = 1, iterations = 20, seed = 1 }, { rate = 1, iterations = 20, seed = 2 },
    { rate = 2, iterations = 10, seed = 1 }, { rate = 2, iterations = 10, seed = 2 } })
  same(#sweep.expand { sweep.zip { a = { 1, 2 }, b = { 3, 4 } }, sweep.zip { c = { 5, 6, 7 } } }, 6)
  check.fails("zip: iterations has 1 value, rate has 2", sweep.zip, { rate = { 1, 2 },
    iterations = { 5 } })
  check.fails("zip: rate is no list", sweep.zip, { rate = 5 })
  check.fails("zip: it has no list", sweep.zip, {})
end)

test("sweep: exclusions", function()
  local policy = { name = "qtable", history = { 0, 1 }, order = { "in_place", "synchronous" } }
  local runs = sweep.expand { policy = policy, rate = { 1, 2 },
    except = { { history = 0, order = "synchronous" }, function(s) return s.rate == 2 end } }
  same(#runs, 3)
  same(#sweep.expand { policy = policy, except = { ["policy.history"] = 0 } }, 2)
  check.fails("item 1 of except fits no run", sweep.expand, { rate = { 1, 2 },
    except = { rate = 3 } })
  check.fails("no run has 'polcy.history'; did you mean 'policy.history'?", sweep.expand,
    { policy = policy, except = { ["polcy.history"] = 0 } })
  check.fails("no run has 'histroy'; did you mean 'history'?", sweep.expand,
    { policy = policy, except = { histroy = 0 } })
  check.fails("except is a number", sweep.expand, { rate = 1, except = 5 })
end)

test("sweep: an empty list is a mistake", function()
  check.fails("rate is an empty list", sweep.expand, { rate = {} })
  check.fails("the policy's history is an empty list", sweep.expand,
    { policy = { name = "qtable", history = {} } })
end)

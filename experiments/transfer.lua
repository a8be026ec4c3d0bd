-- The frozen policy under other activation functions, on other tasks, in networks of other shapes.
local lab = require "experiment"
local boundary = require "setups.boundary"
local budget = lab.budget().transfer
local claims = require "verdicts.claims"
local comparison = require "verdicts.comparison"
local format = require "text.format"
local images = require "setups.images"
local stats = require "statistics.stats"

local claim = claims.get("transfer.shapes")
local FIRST_SEED = lab.budget().first_case

local function on_boundary(set, needs)
  return lab.sweep { boundary.options(), lab.set(set),
    lab.synaptic { policy = lab.table_policy(needs.policy.csv), epsilon = 0.25 },
    iterations = budget.boundary_iterations, seeds = lab.seeds(FIRST_SEED, budget.boundary_seeds) }
end

--- `set.hidden_layers` are the units between the set's pixels and its classes.
local function with_images(set, method)
  local options = {}
  for key, value in pairs(set) do options[key] = value end
  options.net, options.hidden_layers = images.net(set.hidden_layers, set.data), nil
  return images.fit(lab.sweep { lab.set { task = "images", data = lab.data(),
    loss = "cross_entropy" }, method, lab.set(options),
    seeds = lab.seeds(FIRST_SEED, budget.letters_seeds) })
end

local function on_images(set, needs)
  return with_images(set, lab.synaptic { lab.set(budget.letters),
    policy = lab.table_policy(needs.policy.csv), epsilon = 0.1, rate = 0.0001,
    batch_size = images.BATCH, batch_interval = 5000 })
end

--- The same networks by mini-batch gradient descent, where no threshold is at hand.
local function by_descent(set)
  return with_images(set, lab.descent { lab.set(budget.sgd), rate = 0.1, init_range = 0.1,
    batch_size = 100, batch_interval = 1 })
end

local FLAT, DEEP = {}, { 32 }

--- What is varied, by claim. `judged = false`: shown, but no threshold was stated for it.
local cases = {
  { claim = "activations", name = "boundary, ReLU hidden units", on = "boundary",
    set = { hidden = "relu" } },
  { claim = "activations", name = "boundary, linear output", on = "boundary",
    set = { output = "identity" } },
  { claim = "activations", name = "letters, 32 tanh units", on = "images",
    set = { hidden_layers = DEEP, hidden = "tanh" } },
  { claim = "shapes", name = "boundary, 2-10-1", on = "boundary", set = { net = { 2, 10, 1 } } },
  { claim = "shapes", name = "boundary, 2-300-1", on = "boundary", set = { net = { 2, 300, 1 } } },
  { claim = "shapes", name = "boundary, 2-30-30-1", on = "boundary",
    set = { net = { 2, 30, 30, 1 } } },
  { claim = "shapes", name = "letters, ${net}", on = "images",
    set = { hidden_layers = { 16 }, hidden = "relu" } },
  { claim = "shapes", name = "letters, ${net}", on = "images",
    set = { hidden_layers = { 16, 16 }, hidden = "relu" } },
  { claim = "tasks", name = "boundary, points in ±3", on = "boundary", set = { point_range = 3 } },
  { claim = "tasks", name = "boundary, target weights in ±3", on = "boundary",
    set = { target_range = 3 } },
  { claim = "tasks", name = "letters, no hidden units", on = "images", set = { hidden_layers = FLAT } },
  { claim = "tasks", name = "built-in letters, no hidden units", on = "images", data = "letters",
    set = { hidden_layers = FLAT, data = "letters" } },
  { claim = "tasks", name = "Fashion-MNIST, no hidden units", on = "images", judged = false,
    data = "fashion-mnist", set = { hidden_layers = FLAT, data = "fashion-mnist" } },
}

local function at_hand(case)
  return not case.data or require("synlab").sets()[case.data].at_hand
end

local function key(i) return ("case%02d"):format(i) end

local function runs(needs)
  local named = {}
  for i, case in ipairs(cases) do
    if at_hand(case) then
      named[key(i)] = (case.on == "boundary" and on_boundary or on_images)(case.set, needs)
      if case.judged == false then named[key(i) .. ".descent"] = by_descent(case.set) end
    end
  end
  return named
end

--- A case's name, with the network that it has on these images.
local function name_of(case)
  if case.on == "boundary" or case.data then return case.name end
  return (case.name:gsub("%${net}", function() return images.name(case.set.hidden_layers) end)
    :gsub("^letters", images.word))
end

local function path(case)
  return case.on == "boundary" and "train.accuracy" or "validation.accuracy"
end

local function threshold(case)
  return case.on == "boundary" and claim.threshold or claim.letters_threshold
end

--- Runs at the threshold or above, and all runs: those that failed count as below.
local function passed(results, i)
  local records, count = results[key(i)], 0
  for _, value in ipairs(lab.values(lab.measured(records), path(cases[i]))) do
    if value >= threshold(cases[i]) then count = count + 1 end
  end
  return count, #records
end

--- The same over the cases of a claim.
local function share(results, name)
  local count, all = 0, 0
  for i, case in ipairs(cases) do
    if case.claim == name and case.judged ~= false and at_hand(case) then
      local k, n = passed(results, i)
      count, all = count + k, all + n
    end
  end
  return { count = count, n = all }
end

--- The answer to a claim: each case by itself. Stand-in images answer nothing.
local function answer(results, name)
  local list = {}
  for i, case in ipairs(cases) do
    local counts = case.claim == name and case.judged ~= false and at_hand(case)
      and (case.on == "boundary" or comparison.images().shown)
    if counts then
      list[#list + 1] = { name = name_of(case), threshold = threshold(case),
        sample = lab.sample(results[key(i)], path(case)) }
    end
  end
  return { cases = list }
end

local function row(results, i, case)
  if not at_hand(case) then return { name_of(case), "not at hand", "", "", "", "" } end
  local records = results[key(i)]
  local values = lab.values(images.alive(records), path(case))
  local good = "no threshold"
  if case.judged ~= false then
    local k, n = passed(results, i)
    good = ("%d of %d at %s"):format(k, n, format.percent(threshold(case), 0))
  else
    local descent = lab.values(images.alive(results[key(i) .. ".descent"]), path(case))
    good = ("gradient descent: %s"):format(format.percent(stats.mean(descent), 2))
  end
  local n = #values < #records and ("%d of %d"):format(#values, #records) or #values
  return { name_of(case), n, format.percent(stats.min(values), 2),
    format.percent(stats.mean(values), 2), format.percent(stats.max(values), 2), good }
end

local order = { "activations", "shapes", "tasks" }

return lab.chapter {
  id = "transfer",
  title = "Other activation functions, shapes and tasks",
  finding = "converged: ${activations} runs with other activation functions, ${shapes} of other "
    .. "shapes, ${tasks} on other tasks",
  uses_images = true,
  uses_policy = true,
  needs = { "policy" },

  [[
  **The paper says** that the policy is "${transfer.activations.quote}, new tasks, and new network
  structures". So the frozen policy, which was learned by networks of 2-100-1 tanh units on
  boundaries, meets other ones: ${boundary_seeds} on boundaries (as Figure 2: ε = 0.25, α_s =
  0.001), ${letters_seeds} on images (as Table 1: ε = 0.1, α_s = 0.0001, but ${iterations}
  iterations and a constant step). A run counts as converged at ${transfer.shapes.threshold} on
  boundaries and ${letters_threshold} on letters. Where no threshold was stated in advance, the accuracy of mini-batch gradient descent takes its place.
  ]],

  runs = runs,

  lab.table {
    name = "transfer",
    title = "The same policy elsewhere",
    caption = "Final accuracy (on images: validation) of the networks that did not die (*n*).",
    columns = { "Network and task", { "n", align = "right" }, { "Min", align = "right" },
      { "Mean", align = "right" }, { "Max", align = "right" }, "Converged" },
    rows = function(results)
      local rows = {}
      for _, name in ipairs(order) do
        rows[#rows + 1] = { "**Other " .. (name == "activations" and "activation functions" or name)
          .. "**", "", "", "", "", "" }
        for i, case in ipairs(cases) do
          if case.claim == name then rows[#rows + 1] = row(results, i, case) end
        end
      end
      return rows
    end,
    csv = function(results)
      local rows = {}
      for i, case in ipairs(cases) do
        for _, record in ipairs(results[key(i)] or {}) do
          rows[#rows + 1] = { case.claim, name_of(case), ("%.0f"):format(record.spec.seed),
            record.status, lab.values({ record }, path(case))[1] }
        end
      end
      return { rows = rows, columns = { "varied", "case", "seed", "status", "accuracy" } }
    end,
  },

  claims = function(results)
    local answers = {}
    for _, name in ipairs(order) do answers["transfer." .. name] = answer(results, name) end
    return answers
  end,

  numbers = function(results)
    local numbers = { boundary_seeds = format.counted(budget.boundary_seeds, "seed"),
      letters_seeds = budget.letters_seeds,
      iterations = format.count(budget.letters.iterations),
      letters_threshold = format.percent(claim.letters_threshold, 0) }
    for _, name in ipairs(order) do
      local s = share(results, name)
      numbers[name] = ("%d of %d"):format(s.count, s.n)
    end
    return numbers
  end,

  [[
  **Result.** Converged: ${activations} runs with other activation functions, ${shapes} of other
  shapes, ${tasks} on other tasks.
  ]],
}

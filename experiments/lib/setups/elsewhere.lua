--- The frozen policy elsewhere: the cases of "robust in the face of new activation functions, new tasks, and new
--- network structures", and their runs.
local elsewhere = {}

local boundary = require "setups.boundary"
local claims = require "verdicts.claims"
local comparison = require "verdicts.comparison"
local images = require "setups.images"
local lab = require "experiment"

local claim = claims.get("transfer.shapes")
local FLAT, DEEP = {}, { 32 }

--- What is varied, by claim; last a control, in which nothing is but the number of iterations. `judged = false`:
--- shown, but no threshold was stated for it.
elsewhere.cases = {
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
  { claim = "control", name = "letters, 32 ReLU units, as in Table 1", on = "images",
    set = { hidden_layers = DEEP, hidden = "relu" } },
}

local function on_boundary(set, csv, seeds)
  return lab.sweep { boundary.options(), lab.set(set),
    lab.synaptic { policy = lab.table_policy(csv), epsilon = 0.25 },
    iterations = lab.budget().transfer.boundary_iterations, seeds = seeds }
end

--- `set.hidden_layers` are the units between the set's pixels and its classes.
local function with_images(set, method, seeds)
  local options = {}
  for key, value in pairs(set) do options[key] = value end
  options.net, options.hidden_layers = images.net(set.hidden_layers, set.data), nil
  return images.fit(lab.sweep { lab.set { task = "images", data = lab.data(),
    loss = "cross_entropy" }, method, lab.set(options), seeds = seeds })
end

local function on_images(set, csv, seeds)
  return with_images(set, lab.synaptic { lab.set(lab.budget().transfer.letters),
    policy = lab.table_policy(csv), epsilon = 0.1, rate = 0.0001,
    batch_size = images.BATCH, batch_interval = 5000 }, seeds)
end

--- A case's runs with a frozen table, one a seed.
function elsewhere.runs(case, csv, seeds)
  return (case.on == "boundary" and on_boundary or on_images)(case.set, csv, seeds)
end

--- The same networks by mini-batch gradient descent, where no threshold is at hand.
function elsewhere.by_descent(case, seeds)
  return with_images(case.set, lab.descent { lab.set(lab.budget().transfer.sgd), rate = 0.1, init_range = 0.1,
    batch_size = 100, batch_interval = 1 }, seeds)
end

--- Are a case's images on this machine?
function elsewhere.at_hand(case)
  return not case.data or require("synlab").sets()[case.data].at_hand
end

--- A case's name, with the network that it has on these images.
function elsewhere.name(case)
  if case.on == "boundary" or case.data then return case.name end
  return (case.name:gsub("%${net}", function() return images.name(case.set.hidden_layers) end)
    :gsub("^letters", images.word))
end

--- What is measured of a case's runs, and what a run must reach to count as converged.
function elsewhere.metric(case)
  return case.on == "boundary" and "train.accuracy" or "validation.accuracy"
end

function elsewhere.threshold(case)
  return case.on == "boundary" and claim.threshold or claim.letters_threshold
end

--- Runs at the threshold or above, and all runs: those that failed count as below.
function elsewhere.passed(case, records)
  local count = 0
  for _, value in ipairs(lab.values(lab.measured(records), elsewhere.metric(case))) do
    if value >= elsewhere.threshold(case) then count = count + 1 end
  end
  return count, #records
end

--- The answer to a claim on cases: `records`, a function, gives the runs of each. Stand-in images answer
--- nothing.
function elsewhere.answer(kind, records)
  local list = {}
  for i, case in ipairs(elsewhere.cases) do
    local counts = case.claim == kind and case.judged ~= false and elsewhere.at_hand(case)
      and (case.on == "boundary" or comparison.images().shown)
    if counts then
      list[#list + 1] = { name = elsewhere.name(case), threshold = elsewhere.threshold(case),
        sample = lab.sample(records(i), elsewhere.metric(case)) }
    end
  end
  return { cases = list }
end

return elsewhere

-- How many past pairs of action and reward should a synapse remember?
local lab = require "experiment"
local ablation = require "setups.ablation"
local claims = require "verdicts.claims"

local threshold = claims.get("figure1.convergence").threshold

local whole

local study = lab.study {
  name = "ablation-history",
  title = "Accuracy by the length of the history",
  caption = [[
    Final accuracy on boundary tasks with the policy in training, over the length of the history:
    means with their 95 % intervals (Student's t).]],
  over = { "policy.history" },
  labels = { ["policy.history"] = "history n" },
  reference = { ["policy.history"] = 2 },
  threshold = threshold,
  records = function(results) return whole(results) end,
}

--- Records whose states hold both halves of the history.
function whole(results)
  local list = {}
  for _, record in ipairs(results) do
    if record.spec.policy.inner.sees == "both" then list[#list + 1] = record end
  end
  return list
end

local halves = lab.study {
  name = "ablation-sees",
  title = "Half of the history",
  caption = [[
    Mean final accuracy on boundary tasks where a state holds both halves of the history, the
    synapse's own actions only, or the network's rewards only.]],
  over = { "policy.history", "policy.sees" },
  labels = { ["policy.history"] = "history n", ["policy.sees"] = "a state holds" },
  reference = { ["policy.history"] = 2, ["policy.sees"] = "both" },
  threshold = threshold,
}

--- Where the paper's length stands among the others.
local function of_the_paper(cells)
  local place = ablation.place(cells)
  return place and ("The paper's n = 2 has by the mean %s."):format(place)
    or "The paper's n = 2 has no place among them: some of its runs failed."
end

return lab.chapter {
  id = "ablation-history",
  title = "Ablation: the length of the history",
  finding = "${extremes}",

  [[
  The paper's state of a synapse is its own last two actions and the last two rewards (n = 2), and
  no other length is tried. Here n goes from 0, one state for all synapses at all times, to 5,
  59,049 states, and states may hold only the actions or only the rewards. Everything else is as in
  Figure 1: the policy learns while it trains a network on a boundary, ${iterations} iterations,
  ${seeds} a length. Runs with the same seed have the same boundary, points and initial
  weights, so differences are taken seed by seed.
  ]],

  runs = function()
    local runs = ablation.runs { history = { 0, 1, 2, 3, 4, 5 }, sees = { "both", "actions",
      "rewards" } }
    local list = {}
    for _, run in ipairs(runs) do -- without a history there is nothing to leave out
      local inner = run.policy
      if not (inner.history == 0 and inner.sees ~= "both") then list[#list + 1] = run end
    end
    return list
  end,

  study.figure,
  study.table,

  halves.figure,
  halves.table,

  numbers = function(results)
    local numbers = ablation.numbers(study, results)
    numbers.halves, numbers.paper = halves.words(results), of_the_paper(study.cells(results))
    return numbers
  end,

  [[
  **Result.** ${words} ${paper}

  *Half of the history.* ${halves}
  ]],
}

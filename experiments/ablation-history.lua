-- How many past pairs of action and reward should a synapse remember?
local lab = require "experiment"
local ablation = require "ablation"
local claims = require "claims"
local format = require "format"
local budget = lab.budget().ablation

local threshold = claims.get("figure1.convergence").threshold

local study = lab.study {
  name = "ablation-history",
  title = "How much history?",
  caption = [[
    Final accuracy on boundary tasks with the policy in training, over the length of the history:
    means with their 95 % intervals (Student's t).]],
  over = { "policy.history" },
  labels = { ["policy.history"] = "history n" },
  reference = { ["policy.history"] = 2 },
  threshold = threshold,
}

--- Where the paper's length stands among the others.
local function of_the_paper(cells)
  for place, cell in ipairs(ablation.ranked(cells)) do
    if cell.reference then
      return ("The paper's n = 2 has place %d of %d by the mean."):format(place, #cells)
    end
  end
  return "The paper's n = 2 has no place among them: some of its runs failed."
end

return lab.chapter {
  id = "ablation-history",
  title = "Ablation: the length of the history",

  [[
  The paper's state of a synapse is its own last two actions and the last two rewards (n = 2), and
  no other length is tried. Here n goes from 0, one state for all synapses at all times, to 5,
  59,049 states. Everything else is as in Figure 1: the policy learns while it trains a network on
  a boundary, ${iterations} iterations, ${seeds} seeds a length. Runs with the same seed have the
  same boundary, points and initial weights, so differences are taken seed by seed.
  ]],

  runs = function() return ablation.runs { history = { 0, 1, 2, 3, 4, 5 } } end,

  study.figure,
  study.table,

  numbers = function(results)
    return { iterations = format.count(budget.iterations), seeds = budget.seeds,
      words = study.words(results), paper = of_the_paper(study.cells(results)) }
  end,

  [[
  **Result.** ${words} By chance alone about one interval in twenty would exclude 0. ${paper}
  ]],

  provides = function(chapter) return study.cells(chapter:results()) end,
}

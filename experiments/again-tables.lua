-- Fresh tables for the second look (again.lua): more training as in Figure 1.
local lab = require "experiment"
local boundary = require "setups.boundary"
local budget, first = lab.budget().again, lab.budget().first_again.tables
local claims = require "verdicts.claims"
local format = require "text.format"
local protocol = require "setups.protocol"
local stats = require "statistics.stats"

local threshold = claims.get("figure1.convergence").threshold

--- How many runs end at the threshold.
local function converged(records)
  local count = 0
  for _, value in ipairs(lab.values(lab.measured(records), "train.accuracy")) do
    count = count + (value >= threshold and 1 or 0)
  end
  return count
end

return lab.chapter {
  id = "again-tables",
  title = "Fresh tables to ask again with",
  finding = "${share} more runs in training end at ${figure1.convergence.threshold} or more",

  [[
  The next chapter asks again what the first look left open, and nothing that was seen before may answer
  it. So ${n} more are trained, exactly as for Figure 1, with seeds from ${first} on. The next chapter
  uses their tables.
  ]],

  runs = function()
    return { fresh = boundary.more_training(first, budget.tables), figure1 = boundary.training(),
      figure2 = boundary.training_there() }
  end,
  provides = function(results) return results.fresh end,
  foresees = function() return protocol.foreseen_training(budget.tables) end,

  numbers = function(results)
    local accuracies = lab.values(lab.measured(results.fresh), "train.accuracy")
    local count, n = converged(results.fresh), #results.fresh
    local all = n + #results.figure1 + #results.figure2
    local good = count + converged(results.figure1) + converged(results.figure2)
    local low, high = stats.clopper_pearson(good, all)
    return { n = format.counted(n, "policy", "policies"), first = first, share = ("%d of %d"):format(count, n),
      min = format.percent(stats.min(accuracies)), median = format.percent(stats.median(accuracies)),
      max = format.percent(stats.max(accuracies)), all = ("%d of %d (%s, 95 %% interval %s to %s)"):format(good, all,
        format.percent(good / all), format.fixed(100 * low, 1), format.percent(high)) }
  end,

  [[
  **Result.** ${share} of these runs end at ${figure1.convergence.threshold} accuracy or more (from ${min}
  through a median of ${median} to ${max}). This decides no claim: whether convergence is reliable was
  asked of the runs of Figures 1 and 2. Of all runs of this kind in the report, theirs and these, ${all} end there.
  ]],
}

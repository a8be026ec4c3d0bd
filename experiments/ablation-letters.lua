-- The best and the worst cells of the ablations on boundaries, repeated on letters.
local lab = require "experiment"
local ablation = require "setups.ablation"
local budget = lab.budget().ablation
local format = require "text.format"
local rewards = require "setups.rewards"
local stats = require "statistics.stats"

local function key(i) return ("cell%02d"):format(i) end

--- The cells that go on, as they were when the runs were asked for.
local chosen = {}

--- Runs of each cell on letters, by its place among the chosen.
local function runs(needs)
  local named = {}
  chosen = ablation.chosen(needs["ablation-cross"])
  for i, item in ipairs(chosen) do
    named[key(i)] = ablation.letters(ablation.tables(item.cell),
      rewards.options(item.cell.records[1].spec))
  end
  return named
end

--- Which cell a run has its policy from, by the text of the policy.
local function origin(record)
  local csv = record.spec.policy.inner.csv
  for i, item in ipairs(chosen) do
    for _, own in ipairs(ablation.tables(item.cell)) do
      if own == csv then return ("%d. %s (%s)"):format(i, item.cell.words or item.cell.label, item.place) end
    end
  end
end

local function all(results)
  local list = {}
  for i = 1, #chosen do
    local part = results[key(i)]
    table.move(part, 1, #part, #list + 1, list)
  end
  return list
end

local study = lab.study {
  name = "ablation-letters",
  title = "The same cells on letters",
  caption = [[
    Validation accuracy on letters without hidden units, with policies that were learned on
    boundaries: means with their 95 % intervals (Student's t), cells in the order of their means on
    boundaries.]],
  over = { { name = "cell", of = origin } },
  labels = { cell = "cell" },
  metric = "validation.accuracy",
  records = all,
  picture = "points",
}

--- For each seed the mean over the cells that were best, or worst, on boundaries.
local function means(results, place)
  local groups = {}
  for i, item in ipairs(chosen) do
    if item.place == place then groups[#groups + 1] = results[key(i)] end
  end
  return ablation.by_seed(groups)
end

local function agreement(best, worst)
  local pair = stats.paired(best, worst)
  if not pair then return "too few runs have a measurement to compare the best with the worst" end
  local says = pair.low > 0 and "the order holds" or pair.high < 0 and "the order is reversed"
    or "no difference shows"
  return ("the cells that were best on boundaries are %s percentage points above those that were "
    .. "worst (95 %% interval %s to %s, paired by seed): %s"):format(
    format.signed(100 * pair.mean, 2), format.signed(100 * pair.low, 2),
    format.signed(100 * pair.high, 2), says)
end

return lab.chapter {
  id = "ablation-letters",
  title = "Ablation: the best and the worst on letters",
  finding = "${agreement}",
  uses_images = true,
  needs = { "ablation-cross" },

  [[
  Does what helps on boundaries help on letters? The rule, fixed before these runs: cells are ranked
  by their mean final accuracy on boundaries alone; the best ${extremes} and the worst ${extremes} go
  on, of equals the one that was run first, and the paper's if it is not among them. Of each, the averaged tables (as in the protocol) of
  its first ${seeds} are frozen and train a network without hidden units on letters, each with
  its own seed, ${iterations} iterations at ε = 0.1. No table is picked by how it did.
  ]],

  runs = runs,

  study.figure,
  study.table,

  numbers = function(results)
    return { extremes = ablation.EXTREMES, seeds = format.counted(budget.letters_seeds, "seed"),
      iterations = format.count(budget.letters.iterations), words = study.words(results),
      agreement = agreement(means(results, "best"), means(results, "worst")) }
  end,

  "**Result.** On letters ${agreement}. ${words}",
}

-- How much the published kind of split leaks, and what that is worth in accuracy.
local format = require "text.format"
local lab = require "experiment"
local letters = require "setups.letters"
local stats = require "statistics.stats"

local function shares(records)
  local list = {}
  for i, record in ipairs(lab.measured(records)) do
    list[i] = record.data.leaked / record.data.validation
  end
  return list
end

return lab.chapter {
  id = "split",
  title = "What repeated images are worth",
  finding = "${leaked} of the validation images also train; the difference is ${difference}",
  uses_images = true,
  uses_policy = true,
  uses_seeds = true,
  needs = { "policy" },

  [[
  **The open point.** A random split of the images puts copies of some training images among the
  validation images, since the set repeats some of its images pixel for pixel. A network is then
  asked to name images that it was trained on.

  **We run** the first ${seeds} of Table 1's row for synaptic RL without hidden units once
  more, with a split that keeps identical images on one side (the copies stay in the set) and drops
  those that stand under several labels. Seeds are the same, the splits differ.
  ]],

  runs = function(needs)
    local random = letters.row("synaptic0", needs.policy)
    local first = table.move(random, 1, lab.budget().split.seeds, 1, {})
    return { random = letters.vary(random, { split = "random" }), -- whatever split the set has
      dedup = letters.vary(first, { split = "dedup" }) }
  end,

  lab.table {
    name = "split",
    title = "With and without copies on both sides",
    caption = "Validation accuracy in the last iteration, synaptic RL without hidden units.",
    columns = { "Split", { "n", align = "right" }, { "Validation images that also train",
      align = "right" }, { "Mean accuracy", align = "right" }, { "Stdev", align = "right" } },
    rows = function(results)
      local rows = {}
      for i, item in ipairs { { "random, as in Table 1", results.random },
        { "identical images on one side", results.dedup } } do
        local accuracy = lab.values(item[2], "validation.accuracy")
        rows[i] = { item[1], #accuracy, format.percent(stats.mean(shares(item[2])), 1),
          format.percent(stats.mean(accuracy), 2), format.percent(stats.sd(accuracy), 2) }
      end
      return rows
    end,
  },

  numbers = function(results)
    local random = lab.values(results.random, "validation.accuracy")
    local dedup = lab.values(results.dedup, "validation.accuracy")
    local leaked, pair = shares(results.random), stats.welch(random, dedup)
    return {
      seeds = #results.dedup == 1 and "seed" or format.counted(#results.dedup, "seed"),
      leaked = #leaked > 0 and format.percent(stats.mean(leaked), 1) or "–",
      difference = pair and ("%s percentage points (95 %% interval %s to %s)"):format(
        format.signed(100 * pair.difference, 2), format.signed(100 * pair.low, 2),
        format.signed(100 * pair.high, 2)) or "not to be had from so few runs",
    }
  end,

  [[
  **Result.** In the random split ${leaked} of the validation images also train. Its mean accuracy
  minus that of the other split is ${difference}.
  ]],
}

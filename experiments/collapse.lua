-- How often does a network with hidden units die early? Every unit of a dead one rests at 0 for all
-- images, and nothing that its synapses do is heard again.
local lab = require "experiment"
local budget = lab.budget().collapse
local format = require "format"
local stats = require "stats"

local CHANCE = 0.2 -- the authors' code gives a run up that is below this after 25,000 iterations

local kinds = {
  { key = "relu", name = "ReLU, as Table 1", set = { hidden = "relu" } },

}

local function runs()
  local named = {}
  for _, kind in ipairs(kinds) do
    named[kind.key] = lab.sweep {
      lab.set { task = "images", data = lab.data(), net = { 784, 32, 10 }, loss = "cross_entropy" },
      lab.synaptic { policy = lab.table_policy(require("policy"):provides().csv), epsilon = 0.1,
        rate = 0.0001, batch_size = 5000, batch_interval = 5000 },
      lab.set(kind.set), lab.set(budget.letters),
      seeds = lab.seeds(lab.budget().first_seed, budget.seeds) }
  end
  return named
end

local function below(records)
  local count = 0
  for _, value in ipairs(lab.values(lab.measured(records), "train.accuracy")) do
    if value < CHANCE then count = count + 1 end
  end
  return count
end

return lab.chapter {
  id = "collapse",
  title = "Runs that die",
  uses_images = true,
  uses_policy = true,

  [[
  **The open point.** The authors' code stops a run that is below ${chance} training accuracy after
  iteration 25,000, and its loop is longer than the table's five runs; the paper mentions neither. A
  ReLU unit that is pushed below 0 for every image gives no sign any more, and if all of them are, the
  loss no longer depends on what their synapses do. How often does that happen? The first
  ${iterations} iterations of the first row of Table 1, ${seeds} seeds.
  ]],

  runs = runs,

  lab.table {
    name = "collapse",
    title = "Runs below a fifth after the start",
    caption = "Training accuracy after ${iterations} iterations, 32 hidden units.",
    columns = { "Hidden units", { "Runs", align = "right" }, { "Below 20 %", align = "right" },
      { "95 % interval of the share", align = "right" }, { "Median accuracy", align = "right" } },
    rows = function(results)
      local rows = {}
      for i, kind in ipairs(kinds) do
        local records = results[kind.key]
        local low, high = stats.wilson(below(records), #records)
        rows[i] = { kind.name, #records, below(records), ("%s to %s"):format(
          format.fixed(100 * low, 0), format.percent(high, 0)),
          format.percent(stats.median(lab.values(records, "train.accuracy")), 1) }
      end
      return rows
    end,
    csv = function(results)
      local rows = {}
      for _, kind in ipairs(kinds) do
        for _, r in ipairs(results[kind.key]) do
          rows[#rows + 1] = { kind.key, ("%.0f"):format(r.spec.seed), r.status,
            lab.values({ r }, "train.accuracy")[1] }
        end
      end
      return { rows = rows, columns = { "hidden", "seed", "status", "train_accuracy" } }
    end,
  },

  numbers = function(results)
    return { chance = format.percent(CHANCE, 0), seeds = budget.seeds,
      iterations = format.count(budget.letters.iterations),
      relu = ("%d of %d"):format(below(results.relu), #results.relu) }
  end,

  [[
  **Result.** ${relu} runs stand below ${chance}. In Table 1 such runs are counted with all others.
  ]],
}

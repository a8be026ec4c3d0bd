-- How often does a network with hidden units die early? Every unit of a dead one rests at 0 for all
-- images, and nothing that its synapses do is heard again.
local lab = require "experiment"
local budget = lab.budget().collapse
local format = require "text.format"
local images = require "setups.images"
local letters = require "setups.letters"
local stats = require "statistics.stats"

--- Table 1's own runs, and shorter ones of the same options and the seeds that follow.
local function runs(needs)
  local row = letters.row("synaptic32", needs.policy)
  local more = math.max(budget.seeds - #row, 0)
  return { table1 = row, more = more > 0 and lab.sweep { row[1], lab.set(budget.letters),
    seed = lab.seeds(lab.budget().first_seed + #row, more) } or {} }
end

--- Training accuracy of a record after as many iterations as the shorter runs have; nil if it
--- failed before.
local function early(record)
  local curve = record.curve or { iteration = {} }
  for i, iteration in ipairs(curve.iteration) do
    if iteration == budget.letters.iterations then return curve.accuracy[i] end
  end
end

--- How many runs there are, and the accuracies of those that have one.
local function measured(results)
  local values, keys = {}, {}
  for _, records in ipairs { results.table1, results.more } do
    for _, record in ipairs(records) do
      values[#values + 1] = early(record)
      keys[#values] = record.key
    end
  end
  return values, #results.table1 + #results.more, keys
end

local function below(values)
  local count = 0
  for _, value in ipairs(values) do count = count + (value < images.dead() and 1 or 0) end
  return count
end

return lab.chapter {
  id = "collapse",
  title = "Runs that die",
  finding = "of the networks with 32 hidden units, below ${chance} after ${iterations} iterations: "
    .. "${died}",
  uses_images = true,
  uses_policy = true,
  uses_seeds = true,
  needs = { "policy" },

  [[
  **The open point.** The authors' code stops a run that is below ${chance} training accuracy after
  iteration 25,000, and its loop is longer than the table's five runs; the paper mentions neither. A
  ReLU unit that is pushed below 0 for every image gives no sign any more, and if all of them are, the
  loss no longer depends on what their synapses do. How often does that happen? We look at the runs
  of Table 1's first row after ${iterations} iterations, and at as long ones of the seeds that
  follow: ${seeds} in all.
  ]],

  runs = runs,

  lab.table {
    name = "collapse",
    title = "Runs that know little more than chance after the start",
    caption = "Accuracy on the current batch below ${chance} after ${iterations} iterations, 32 hidden "
      .. "units.",
    columns = { { "Runs", align = "right" }, { "That low", align = "right" },
      { "95 % interval of the share", align = "right" }, { "Median accuracy", align = "right" } },
    rows = function(results)
      local values, n = measured(results)
      local low, high = stats.clopper_pearson(below(values), n)
      return { { n, below(values), ("%s to %s"):format(format.fixed(100 * low, 0),
        format.percent(high, 0)), format.percent(stats.median(values), 1) } }
    end,
    csv = function(results)
      local rows = {}
      for _, key in ipairs { "table1", "more" } do
        for _, r in ipairs(results[key]) do
          rows[#rows + 1] = { ("%.0f"):format(r.spec.seed), r.status, early(r) }
        end
      end
      return { rows = rows, columns = { "seed", "status", "batch_accuracy" } }
    end,
  },

  claims = function(results)
    local values, n, keys = measured(results)
    return { ["letters.trains32"] = { values = values, runs = n, keys = keys } }
  end,

  numbers = function(results)
    local values, n = measured(results)
    return { chance = format.percent(images.dead(), 0), seeds = format.counted(n, "seed"),
      iterations = format.count(budget.letters.iterations),
      died = ("%d of %d"):format(below(values), n) }
  end,

  [[
  **Result.** Below ${chance}: ${died} runs. Table 1 counts such runs and leaves them out of its statistics, as the authors' code does.
  ]],
}

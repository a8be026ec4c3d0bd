-- The policy as a random effect: what letters give with each of several trained tables, of those that
-- training ends with and of their time averages.
local lab = require "experiment"
local budget = lab.budget().policies
local format = require "text.format"
local letters = require "setups.letters"
local protocol = require "setups.protocol"
local claims = require "verdicts.claims"
local stats = require "statistics.stats"

local threshold = claims.get("policy.letters").threshold

--- Runs of the first tables of a kind, `splits` seeds each, no seed twice.
local function of_kind(trained, kind, n, splits)
  local runs, seed = {}, lab.budget().first_policy + (kind == "final" and 0 or 500)
  for _, csv in ipairs(protocol.tables(trained, kind, n)) do
    local row = letters.row("synaptic0", { csv = csv }, lab.seeds(seed, splits))
    table.move(row, 1, splits, #runs + 1, runs)
    seed = seed + splits
  end
  return runs
end

--- The mean of each table whose networks train, `splits` runs each, as an answer to a claim.
local function means(records, splits)
  local answer = { values = {}, keys = {}, dead = 0, runs = #records // splits }
  for i = 1, #records, splits do
    local alive = letters.alive(table.move(records, i, i + splits - 1, 1, {}))
    if #alive.values == splits then
      local n = #answer.values + 1
      answer.values[n], answer.keys[n] = stats.mean(alive.values), alive.keys
    else
      answer.dead = answer.dead + 1
    end
  end
  return answer
end

local function reached(records)
  local k = 0
  for _, value in ipairs(lab.values(records, "validation.accuracy")) do
    k = k + (value >= threshold and 1 or 0)
  end
  return ("%d of %d"):format(k, #records)
end

return lab.chapter {
  id = "policies",
  title = "Other trained policies on letters",
  finding = "of the networks that follow a table that training ends with, ${final} reach ${level}; with "
    .. "time averages ${average}",
  uses_images = true,
  needs = { "figure1" },

  [[
  Table 1 hangs on one table. How much does it matter which? Here each of the first ${finals} of
  Figure 1 gives the table that its training ended with, as the paper describes it, to one network
  without hidden units; and each of the first ${averages} gives its time average to ${splits} networks.
  Every network has a split of its own. The table is then the unit that varies: the mean over tables
  is what another group of authors, who train a table of their own, would have to expect.
  ]],

  runs = function(needs)
    return { final = of_kind(needs.figure1, "final", budget.final, 1),
      average = of_kind(needs.figure1, "average", budget.average, budget.splits) }
  end,

  lab.table {
    name = "policies",
    title = "Trained tables on letters",
    caption = "Validation accuracy in the last iteration, no hidden units, as Table 1.",
    columns = { "Tables", { "Networks", align = "right" }, { "At ≥ 85 %", align = "right" },
      { "Min", align = "right" }, { "Median", align = "right" }, { "Max", align = "right" } },
    rows = function(results)
      local rows = {}
      for i, kind in ipairs { { "at the end of training", results.final },
        { "time averages", results.average } } do
        local values = lab.values(kind[2], "validation.accuracy")
        rows[i] = { kind[1], #kind[2], reached(kind[2]), format.percent(stats.min(values), 2),
          format.percent(stats.median(values), 2), format.percent(stats.max(values), 2) }
      end
      return rows
    end,
    csv = function(results)
      local rows = {}
      for _, kind in ipairs { "final", "average" } do
        local splits = kind == "final" and 1 or budget.splits
        for i, record in ipairs(results[kind]) do
          rows[#rows + 1] = { kind, ("%.0f"):format(lab.budget().first_seed + (i - 1) // splits),
            ("%.0f"):format(record.spec.seed), record.status,
            lab.values({ record }, "validation.accuracy")[1] }
        end
      end
      return { rows = rows, columns = { "table", "training_seed", "seed", "status", "accuracy" } }
    end,
  },

  claims = function(results)
    return { ["policy.letters"] = lab.sample(results.final, "validation.accuracy"),
      ["policy.averaged"] = means(results.average, budget.splits) }
  end,

  numbers = function(results)
    local averaged = means(results.average, budget.splits).values
    return { finals = format.counted(budget.final, "seed"), averages = budget.average, splits = budget.splits,
      level = format.percent(threshold, 0), final = reached(results.final),
      average = reached(results.average), mean = format.percent(stats.mean(averaged), 2),
      sd = format.percent(stats.sd(averaged), 2), n = #averaged }
  end,

  [[
  **Result.** ${final} networks with a table from the end of training reach ${level}, and ${average}
  with an averaged one. The mean over the ${n} averaged tables whose networks train is ${mean}, the
  standard deviation between tables ${sd}.
  ]],
}

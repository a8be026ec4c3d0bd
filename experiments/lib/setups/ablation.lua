--- What the ablation chapters have in common: runs on the boundary task with the policy in training,
--- and the cells that are repeated on letters, with the policies that they learned, frozen.
local ablation = {}

local boundary = require "setups.boundary"
local format = require "text.format"
local images = require "setups.images"
local lab = require "experiment"
local metrics = require "runs.metrics"
local protocol = require "setups.protocol"
local stats = require "statistics.stats"

ablation.FIRST_SEED = lab.budget().first_seed -- the reference are the first runs of Figure 1

--- How many of the best and of the worst cells go on to letters.
ablation.EXTREMES = 3

--- Runs as in Figure 1, but for the policy's parameters and the options given; both may have lists.
function ablation.runs(params, options)
  local size = lab.budget().ablation
  local policy = { average_after = size.iterations // 4 }
  for name, value in pairs(params) do policy[name] = value end
  return lab.sweep { boundary.options(),
    lab.synaptic { policy = lab.qtable(policy), epsilon = 0.25 },
    lab.set(options or {}), curve_every = 0, iterations = size.iterations,
    seeds = lab.seeds(ablation.FIRST_SEED, size.seeds) }
end

--- The same under each of some reward schemas (rewards.lua), one schema after the other.
function ablation.under(schemas, params)
  local list = {}
  for _, schema in ipairs(schemas) do
    local part = ablation.runs(params, schema.options)
    table.move(part, 1, #part, #list + 1, list)
  end
  return list
end

--- What the texts of these chapters say of a study and its size.
function ablation.numbers(study, results)
  local size = lab.budget().ablation
  return { iterations = format.count(size.iterations), seeds = format.counted(size.seeds, "seed"),
    words = study.words(results), extremes = study.extremes(results) }
end

--- Cells from the highest mean to the lowest, equals in their order. Cells in which a run has no
--- measurement or no averaged table do not take part in the contest.
function ablation.ranked(cells)
  local list, place = {}, {}
  for i, cell in ipairs(cells) do
    local whole = cell.mean and #cell.numbers == #cell.records
    for _, record in ipairs(cell.records) do
      whole = whole and record.policies and record.policies.average
    end
    place[cell] = i
    if whole then list[#list + 1] = cell end
  end
  table.sort(list, function(a, b)
    if a.mean ~= b.mean then return a.mean > b.mean end
    return place[a] < place[b]
  end)
  return list
end

--- Where the reference stands by the mean: "place 2 of 6", with those that it shares it with; nil
--- where it does not take part in the contest.
function ablation.place(cells)
  local ranked, mine = ablation.ranked(cells), nil
  for _, cell in ipairs(ranked) do
    if cell.reference then mine = cell end
  end
  if not mine then return nil end
  local above, equal, level = 0, {}, metrics.level(mine.mean)
  for _, cell in ipairs(ranked) do
    local other = metrics.level(cell.mean)
    if other > level then above = above + 1 end
    if other == level and cell ~= mine then equal[#equal + 1] = cell.label end
  end
  return ("place %d of %d%s"):format(above + 1, #cells, #equal > 0
    and ", shared with " .. table.concat(equal, " and ") or "")
end

--- For the plan, before any cell is known: as many as will go on, none with the policies of another.
function ablation.foreseen_cells()
  local cells = {}
  for i = 1, 2 * ablation.EXTREMES do
    local cell = { mean = -i, label = tostring(i), numbers = {}, records = {} }
    for seed = 1, lab.budget().ablation.letters_seeds do
      local csv = protocol.any_table(100 * i + seed)
      cell.numbers[seed], cell.records[seed] = -i, { spec = {}, policies = { average = csv } }
    end
    cells[i] = cell
  end
  return cells
end

--- The cells that go on: the best and the worst, and the reference: a list of { cell, place }.
function ablation.chosen(cells)
  local ranked, list = ablation.ranked(cells), {}
  for i, cell in ipairs(ranked) do
    if i <= ablation.EXTREMES then
      list[#list + 1] = { cell = cell, place = "best" }
    elseif i > #ranked - ablation.EXTREMES then
      list[#list + 1] = { cell = cell, place = "worst" }
    elseif cell.reference then
      list[#list + 1] = { cell = cell, place = "reference" }
    end
  end
  return list
end

--- Runs on letters without hidden units: the averaged table of each of a cell's first seeds, frozen,
--- with that same seed, under the options given.
function ablation.letters(tables, options)
  local size, runs = lab.budget().ablation, {}
  for i = 1, size.letters_seeds do
    local part = lab.sweep {
      lab.set { task = "images", data = lab.data(), loss = "cross_entropy",
        net = images.net() },
      lab.synaptic { policy = lab.table_policy(tables[i]), epsilon = 0.1, rate = 0.0001,
        batch_size = images.BATCH, batch_interval = 5000 },
      lab.set(size.letters), lab.set(options or {}), seed = ablation.FIRST_SEED + i - 1 }
    table.move(part, 1, #part, #runs + 1, runs)
  end
  return images.fit(runs)
end

--- Averaged tables of a cell, in the order of the seeds.
function ablation.tables(cell)
  local list = {}
  for i, record in ipairs(cell.records) do list[i] = record.policies.average end
  return list
end

--- For each of the seeds on letters the mean validation accuracy over some groups of records, false
--- where one of them has none.
function ablation.by_seed(groups)
  local list = {}
  for i = 1, lab.budget().ablation.letters_seeds do
    local values = {}
    for _, records in ipairs(groups) do
      values[#values + 1] = lab.values(lab.measured { records[i] }, "validation.accuracy")[1]
    end
    list[i] = #values == #groups and stats.mean(values) or false
  end
  return list
end

return ablation

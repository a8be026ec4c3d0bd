--- `synlab rule try FILE`: some seeds of the boundary task, or of the built-in letters, beside the paper's
--- policy, random moves and win-stay. A line per seed while it runs, then a table and a figure. Exploration
--- is added to each, which is said; how much to the rule, --epsilon says. --reward is what all hear.
local format = require "text.format"
local lab = require "experiment"
local plot = require "pictures.plot"
local rules = require "runs.rule_files"
local stats = require "statistics.stats"
local synlab = require "synlab"

local THRESHOLD = 0.95

local file, params, given = require "rule.arguments"("try", { seeds = "word", out = "word",
  letters = true, epsilon = "word", reward = "word" })
local letters = given.letters ~= nil
local EPSILON, ITERATIONS = letters and 0.1 or 0.25, letters and 5000 or 10000
local own_epsilon = tonumber(given.epsilon) or EPSILON
local PART, MEASURE = "train", "accuracy"
if letters then PART, MEASURE = "validation", "validation_accuracy" end
local rule = rules.describe(file, params)
local reward = given.reward and synlab.reward(given.reward)
local seeds = math.tointeger(tonumber(given.seeds or 5))
if not seeds or seeds < 1 or seeds > 1000 then
  error(("rule try: --seeds %s: must be a whole number from 1 to 1000"):format(given.seeds), 0)
end

local rivals = {
  { title = rules.label(rule.name, params), style = "first", policy = rules.policy(file, params) },
  { title = "paper's Q-learning", style = "second", policy = lab.qtable {} },
  { title = "random moves", style = "black", policy = lab.random() },
  { title = "win-stay, lose-reverse", style = "third",
    policy = rules.policy "policies/rules/win_stay.lua" },
}
for _, rival in ipairs(rivals) do
  rival.records, rival.seconds, rival.iterations = {}, 0, 0 -- the times are of what is computed now
end

local function spec(rival, seed)
  local epsilon = rival == rivals[1] and own_epsilon or EPSILON
  local policy = epsilon > 0 and lab.explore { epsilon = epsilon, inner = rival.policy } or rival.policy
  local run = { method = "synaptic", seed = seed, iterations = ITERATIONS, policy = policy,
    reward = given.reward and rules.reward(given.reward) or nil }
  local task = { task = "boundary", curve_every = 20 }
  if letters then
    task = { task = "images", data = "letters", net = { 784, 10 }, batch_size = 2000,
      batch_interval = 1000, rate = 3e-4, curve_every = 50, validate_every = 250 }
  end
  for name, value in pairs(task) do run[name] = value end
  return run
end

-- ---- what is tried --------------------------------------------------------------------------

--- "net 2-100-1, 2,000 points in one batch, rate 0.001, 10,000 iterations"
local function conditions()
  local s = synlab.specs({ spec(rivals[2], 1) }, "a try")[1].spec
  local samples = letters
    and ("batches of %s images for %s iterations each"):format(format.count(s.batch_size),
      format.count(s.batch_interval))
    or ("%s points in %s"):format(format.count(s.points), s.batch_size == 0 and "one batch"
      or ("batches of %s"):format(format.count(s.batch_size)))
  return ("net %s, %s, rate %s, %s iterations"):format(table.concat(s.net, "-"), samples,
    format.plain(s.rate), format.count(s.iterations))
end

local function histories()
  local own = rule.kind == "local" and "no history of its own" or ("history %d"):format(rule.history)
  local paper = synlab.specs({ spec(rivals[2], 1) }, "a try")[1].spec.policy.inner
  return ("%s, the paper's policy %d"):format(own, paper.history)
end

--- The options of a try that are not as always, for the names of figures.
local function choices()
  local list = {}
  if own_epsilon ~= EPSILON then list[1] = ("-explore-%.10g"):format(own_epsilon) end
  if reward then
    list[#list + 1] = "-reward-" .. given.reward:match("([^/\\]+)$"):gsub("%.lua$", "")
  end
  return table.concat(list)
end

local function exploration()
  if own_epsilon == EPSILON then return ("exploration %g"):format(EPSILON) end
  return ("exploration %g, the rule's %g"):format(EPSILON, own_epsilon)
end

local function print_head()
  print(("%s: %s"):format(letters and "Built-in letters, validation accuracy" or "Boundary task",
    conditions()))
  print(histories())
  if reward then print(("reward of all: %s (%s)"):format(reward.name, given.reward)) end
  print(own_epsilon == EPSILON
    and ("exploration added to each: epsilon = %g (--epsilon 0 leaves it out of the rule)"):format(EPSILON)
    or ("exploration added: epsilon = %g, to the rule %g"):format(EPSILON, own_epsilon))
  if letters then
    print(("%s iterations are early for the paper's policy: its runs of Table 1 are far longer"):format(
      format.count(ITERATIONS)))
  end
end

-- ---- runs -----------------------------------------------------------------------------------

local function run_seed(seed)
  local specs, kept, parts = {}, {}, {}
  for i, rival in ipairs(rivals) do
    specs[i] = spec(rival, seed)
    kept[i] = synlab.kept { specs[i] } ~= nil
  end
  local records = synlab.run(specs, { title = ("seed %d of %d"):format(seed, seeds) })
  for i, rival in ipairs(rivals) do
    local record = records[i]
    local failed = record.status == "failed"
    rival.records[seed] = record
    if not failed and not kept[i] then
      rival.seconds = rival.seconds + record.seconds
      rival.iterations = rival.iterations + record.iterations
    end
    parts[i] = ("%s: %s"):format(rival.title,
      failed and "failed" or format.percent(record[PART].accuracy))
  end
  print(("seed %d: %s"):format(seed, table.concat(parts, "; ")))
  io.stdout:flush()
end

-- ---- the table ------------------------------------------------------------------------------

--- A column: its head, and what it shows of a policy with measured runs; shown where `any` of the
--- policies has something in it.
local function accuracies(rival)
  return lab.values(lab.measured(rival.records), PART .. ".accuracy")
end

local function reached(rival)
  local n = 0
  for _, value in ipairs(accuracies(rival)) do n = n + (value >= THRESHOLD and 1 or 0) end
  return n
end

local columns = {
  { "accuracy", function(rival) return format.percent(stats.mean(accuracies(rival))) end },
  { "min", function(rival) return format.percent(stats.min(accuracies(rival))) end },
  { "max", function(rival) return format.percent(stats.max(accuracies(rival))) end },
  { "at 95 %", function(rival) return ("%d of %d"):format(reached(rival), #rival.records) end,
    any = function(rival) return reached(rival) > 0 end },
  { "loss", function(rival)
    return ("%.6f"):format(stats.mean(lab.values(lab.measured(rival.records), PART .. ".loss")))
  end },
  { "us/iteration", function(rival)
    return rival.iterations > 0 and ("%.0f"):format(1e6 * rival.seconds / rival.iterations) or "kept"
  end, any = function(rival) return rival.iterations > 0 end },
}

local function wanted(column)
  if not column.any then return true end
  for _, rival in ipairs(rivals) do
    if column.any(rival) then return true end
  end
  return false
end

local function print_table()
  local rows, widths = { { "policy" } }, {}
  for _, rival in ipairs(rivals) do
    rows[#rows + 1] = { rival.title }
    if #lab.measured(rival.records) == 0 then rows[#rows][2] = "failed" end
  end
  for _, column in ipairs(columns) do
    if wanted(column) then
      table.insert(rows[1], column[1])
      for i, rival in ipairs(rivals) do
        local row = rows[i + 1]
        if row[2] ~= "failed" then table.insert(row, (column[2](rival))) end
      end
    end
  end
  for _, cells in ipairs(rows) do
    for i, cell in ipairs(cells) do widths[i] = math.max(widths[i] or 0, utf8.len(cell)) end
  end
  for _, cells in ipairs(rows) do
    local parts = {}
    for i, cell in ipairs(cells) do
      local room = (" "):rep(widths[i] - utf8.len(cell))
      parts[i] = i == 1 and cell .. room or room .. cell
    end
    print(table.concat(parts, "  "))
  end
end

-- ---- the figure -----------------------------------------------------------------------------

--- The mean of what the table shows, over the seeds, where it was measured in all runs.
local function mean_curve(records)
  local x, y = {}, {}
  for i, iteration in ipairs(records[1].curve.iteration) do
    local values = {}
    for _, record in ipairs(records) do
      local value = record.curve[MEASURE][i]
      if type(value) == "number" and value == value then values[#values + 1] = value end
    end
    if #values == #records then x[#x + 1], y[#y + 1] = iteration, stats.mean(values) end
  end
  return x, y
end

--- What the legend says of a policy: its name, and how many of its runs failed.
local function named(rival)
  local failed = #rival.records - #lab.measured(rival.records)
  if failed == 0 then return rival.title end
  return ("%s (%s)"):format(rival.title, failed < #rival.records and ("%d of %d failed"):format(failed,
    #rival.records) or "failed")
end

local function draw(name)
  local series, notes = {}, { conditions(), histories(), exploration() }
  if reward then notes[#notes + 1] = "reward: " .. reward.name end
  for i, rival in ipairs(rivals) do
    local records = lab.measured(rival.records)
    series[i] = { x = {}, y = {}, title = named(rival), style = rival.style }
    if #records > 0 then series[i].x, series[i].y = mean_curve(records) end
  end
  plot.render { name = name, columns = 1, panels = { {
    kind = "curves", title = ("%s, mean of %s"):format(letters and "Letters" or "Boundary task",
      format.counted(seeds, "seed")), notes = notes,
    xlabel = "iteration", ylabel = letters and "validation accuracy (%)" or "accuracy (%)",
    percent = true, yrange = { nil, 100 },
    series = series, lines = { { y = THRESHOLD, title = "95 %" } } } } }
end

print_head()
for seed = 1, seeds do run_seed(seed) end
print()
print_table()
for _, rival in ipairs(rivals) do
  for seed, record in ipairs(rival.records) do
    if record.status == "failed" then
      print(("%s, seed %d: %s"):format(rival.title, seed, record.error))
    end
  end
end
local name = rules.figure(file, params) .. choices() .. "-try" .. (letters and "-letters" or "")
draw(name)
print(("\n%s/figures/%s.svg"):format(synlab.profile.out, name))

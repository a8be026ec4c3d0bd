--- `synlab rule try FILE`: some seeds of the boundary task, or of the built-in letters, beside the paper's
--- policy, random moves and win-stay. A line per seed while it runs, then a table and a figure. Exploration
--- is added to each, which is said; how much to the rule, --epsilon says.
local format = require "text.format"
local lab = require "experiment"
local plot = require "pictures.plot"
local rules = require "runs.rule_files"
local stats = require "statistics.stats"
local synlab = require "synlab"

local THRESHOLD = 0.95

local file, params, given = require "rule.arguments"("try", { seeds = "word", out = "word",
  letters = true, epsilon = "word" })
local letters = given.letters ~= nil
local EPSILON, ITERATIONS = letters and 0.1 or 0.25, letters and 5000 or 10000
local own_epsilon = tonumber(given.epsilon) or EPSILON
local PART = letters and "validation" or "train"
local rule = rules.describe(file, params)
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

local function spec(rival, seed)
  local epsilon = rival == rivals[1] and own_epsilon or EPSILON
  local policy = epsilon > 0 and lab.explore { epsilon = epsilon, inner = rival.policy } or rival.policy
  if not letters then
    return { task = "boundary", method = "synaptic", seed = seed, iterations = ITERATIONS,
      curve_every = 20, policy = policy }
  end
  return { task = "images", data = "letters", net = { 784, 10 }, method = "synaptic", seed = seed,
    iterations = ITERATIONS, batch_size = 2000, batch_interval = 1000, rate = 3e-4, curve_every = 50,
    validate_every = 250, policy = policy }
end

local function run_seed(seed)
  local specs, parts = {}, {}
  for i, rival in ipairs(rivals) do specs[i] = spec(rival, seed) end
  local records = synlab.run(specs, { title = ("seed %d of %d"):format(seed, seeds) })
  for i, rival in ipairs(rivals) do
    rival.records = rival.records or {}
    rival.records[seed] = records[i]
    parts[i] = ("%s: %s"):format(rival.title,
      records[i].status == "failed" and "failed" or format.percent(records[i][PART].accuracy))
  end
  print(("seed %d: %s"):format(seed, table.concat(parts, "; ")))
  io.stdout:flush()
end

local function row(rival)
  local records = lab.measured(rival.records)
  if #records == 0 then return { rival.title, "failed", "", "", "", "", "" } end
  local accuracy, reached = lab.values(records, PART .. ".accuracy"), 0
  local seconds, iterations = 0, 0
  for _, value in ipairs(accuracy) do reached = reached + (value >= THRESHOLD and 1 or 0) end
  for _, record in ipairs(records) do
    seconds, iterations = seconds + record.seconds, iterations + record.iterations
  end
  return { rival.title, format.percent(stats.mean(accuracy)), format.percent(stats.min(accuracy)),
    format.percent(stats.max(accuracy)), ("%d of %d"):format(reached, #rival.records),
    ("%.6f"):format(stats.mean(lab.values(records, PART .. ".loss"))),
    ("%.0f"):format(1e6 * seconds / iterations) }
end

local function print_table()
  local rows = { { "policy", "accuracy", "min", "max", "at 95 %", "loss", "us/iteration" } }
  local widths = {}
  for _, rival in ipairs(rivals) do rows[#rows + 1] = row(rival) end
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

--- Mean accuracy over the seeds, where all runs were measured.
local function mean_curve(records)
  local first = records[1].curve
  local y = {}
  for i = 1, #first.iteration do
    local values = {}
    for _, record in ipairs(records) do values[#values + 1] = record.curve.accuracy[i] end
    y[i] = stats.mean(values)
  end
  return first.iteration, y
end

--- What the legend says of a policy: its name, and how many of its runs failed.
local function named(rival)
  local failed = #rival.records - #lab.measured(rival.records)
  if failed == 0 then return rival.title end
  return ("%s (%s)"):format(rival.title, failed < #rival.records and ("%d of %d failed"):format(failed,
    #rival.records) or "failed")
end

local function draw(name)
  local series = {}
  for i, rival in ipairs(rivals) do
    local records = lab.measured(rival.records)
    series[i] = { x = {}, y = {}, title = named(rival), style = rival.style }
    if #records > 0 then series[i].x, series[i].y = mean_curve(records) end
  end
  plot.render { name = name, columns = 1, panels = { {
    kind = "curves", title = ("%s, mean of %s"):format(letters and "Letters, on the batch"
      or "Boundary task", format.counted(seeds, "seed")),
    xlabel = "iteration", ylabel = "accuracy (%)", percent = true, yrange = { nil, 100 },
    series = series, lines = { { y = THRESHOLD, title = "95 %" } } } } }
end

print(("%s, %s iterations, %s"):format(letters and "Letters, 784-10, validation accuracy"
  or "Boundary task", format.count(ITERATIONS), own_epsilon == EPSILON
  and ("exploration added to each: epsilon = %g (--epsilon 0 leaves it out of the rule)"):format(EPSILON)
  or ("exploration added: epsilon = %g, to the rule %g"):format(EPSILON, own_epsilon)))
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
local name = rules.figure(file, params) .. "-try" .. (letters and "-letters" or "")
draw(name)
print(("\n%s/figures/%s.svg"):format(synlab.profile.out, name))

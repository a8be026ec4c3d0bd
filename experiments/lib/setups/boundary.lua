--- What Figures 1 and 2 have in common: which run is shown, its four panels, and how all did.
local boundary = {}

local format = require "text.format"
local lab = require "experiment"
local stats = require "statistics.stats"

local CELLS = 80 -- of the maps in panels A and B, a side

--- The settings of Figures 1 and 2, as the captions state them.
function boundary.options()
  return lab.set {
    task = "boundary", net = { 2, 100, 1 }, hidden = "tanh", output = "tanh", loss = "euclidean",
    rate = 0.001, iterations = lab.budget().boundary_iterations,
  }
end

--- Runs of one policy from a seed on, `n` of them: all with curves, the first few with maps as well,
--- for the figures.
local function from(first, n, policy)
  local drawn = lab.budget().drawn_seeds
  local function part(seeds, options)
    return lab.sweep { boundary.options(), lab.set { curve_every = 10 }, lab.set(options),
      lab.synaptic { policy = policy, epsilon = 0.25 }, seeds = seeds }
  end
  local runs = part(lab.seeds(first, drawn), { map = CELLS })
  if n > drawn then
    table.move(part(lab.seeds(first + drawn, n - drawn), {}), 1, n - drawn, drawn + 1, runs)
  end
  return runs
end

local function in_training()
  return lab.qtable { history = 2, rate = 0.01, discount = 0.9,
    average_after = lab.budget().boundary_iterations // 4 }
end

--- The runs of Figure 1.
function boundary.training()
  return from(lab.budget().first_seed, lab.budget().training_seeds, in_training())
end

--- More of the same from a seed on, without curves and maps.
function boundary.more_training(first, n)
  return lab.sweep { boundary.options(), lab.synaptic { policy = in_training(), epsilon = 0.25 },
    seeds = lab.seeds(first, n) }
end

--- As in Figure 1, on the targets of Figure 2.
function boundary.training_there()
  return from(lab.budget().first_transfer, lab.budget().transfer_tasks, in_training())
end

--- The runs of Figure 2: a frozen table, and on the same targets a policy in training.
function boundary.transfer(csv)
  local first, n = lab.budget().first_transfer, lab.budget().transfer_tasks
  return { frozen = from(first, n, lab.table_policy(csv)), training = boundary.training_there() }
end

--- The run to show: that of median final accuracy; of two in the middle the lower one, of equals
--- the lowest seed. A rule, so that nobody picks for beauty.
function boundary.shown(records)
  local list = {}
  for _, record in ipairs(lab.measured(records)) do
    if record.map and record.train.accuracy == record.train.accuracy then
      list[#list + 1] = record
    end
  end
  table.sort(list, function(a, b)
    if a.train.accuracy ~= b.train.accuracy then return a.train.accuracy < b.train.accuracy end
    return a.spec.seed < b.spec.seed
  end)
  local middle = list[(#list + 1) // 2]
  for _, record in ipairs(list) do
    if record.train.accuracy == middle.train.accuracy then return record end
  end
end

--- The first iteration on the curve with at least this accuracy, or nil.
function boundary.reached(record, accuracy)
  for i, value in ipairs(record.curve.accuracy) do
    if value >= accuracy then return record.curve.iteration[i] end
  end
end

--- What the claims on speed and smoothness compare: one number of each run, from its curve; infinity
--- where it has none.
local function each(records, measure)
  local list = {}
  for i, record in ipairs(records) do
    local value = record.status ~= "failed" and measure(record)
    list[i] = value and value == value and value or math.huge
  end
  return list
end

--- Iterations to an accuracy; infinity for runs that never get there.
function boundary.arrivals(records, accuracy)
  return each(records, function(record) return boundary.reached(record, accuracy) end)
end

--- The way that the loss curve goes up and down over the distance between its ends: 1 if it only
--- falls.
function boundary.roughness(records)
  return each(records, function(record)
    local loss, way = record.curve.loss, 0
    for i = 2, #loss do way = way + math.abs(loss[i] - loss[i - 1]) end
    return #loss > 1 and way / (stats.max(loss) - stats.min(loss)) or nil
  end)
end

--- The answer to a claim on pairs of runs of the same targets.
function boundary.pairs(a, b, measure, ...)
  local answer = { values = measure(a, ...), others = measure(b, ...), runs = #a, keys = {},
    other_keys = {} }
  for i = 1, #a do answer.keys[i], answer.other_keys[i] = a[i].key, b[i].key end
  return answer
end

--- Where does a map have the right sign?
local function right(map, output)
  local k = 0
  for i, target in ipairs(map.target) do
    k = k + ((output(i) > 0) == (target > 0) and 1 or 0)
  end
  return k / #map.target
end

--- What a straight line makes of the target of a run with a map, and what the run's network makes of it:
--- two shares of the map that have the right sign. The line is the zero of the plane that fits the target's
--- outputs by least squares. Cells lie evenly about the middle, so that its coefficients are three sums.
function boundary.line(map)
  local n, middle = map.cells, (map.cells - 1) / 2
  local function at(i) return (i - 1) % n - middle, (i - 1) // n - middle end
  local mean, a, b, squares = stats.mean(map.target), 0, 0, 0
  for i, target in ipairs(map.target) do
    local x, y = at(i)
    a, b, squares = a + x * target, b + y * target, squares + x * x
  end
  return right(map, function(i)
    local x, y = at(i)
    return mean + (a * x + b * y) / squares
  end), right(map, function(i) return map.learned[i] end)
end

--- The same for all runs with a map: two lists.
function boundary.lines(records)
  local lines, learned = {}, {}
  for _, record in ipairs(lab.measured(records)) do
    if record.map then lines[#lines + 1], learned[#learned + 1] = boundary.line(record.map) end
  end
  return lines, learned
end

--- How a group of runs did, in numbers: counts, shares and quantiles.
function boundary.summary(records, threshold)
  local measured = lab.measured(records)
  local s = { runs = #records, accuracy = lab.values(measured, "train.accuracy"),
    loss = lab.values(measured, "train.loss"), converged = 0, reached = {}, improved = {} }
  for _, record in ipairs(measured) do
    if record.train.accuracy >= threshold then s.converged = s.converged + 1 end
    s.reached[#s.reached + 1] = boundary.reached(record, threshold)
    s.improved[#s.improved + 1] = record.rewards_up / record.iterations
  end
  s.low, s.high = stats.clopper_pearson(s.converged, s.runs)
  return s
end

--- "14 of 20 (70.0 %, 95 % interval 48.1 to 85.5 %)"
function boundary.share(s)
  return ("%d of %d (%s, 95 %% interval %s to %s)"):format(s.converged, s.runs,
    format.percent(s.converged / s.runs), format.fixed(100 * s.low, 1), format.percent(s.high))
end

--- "15 of 20 runs touch 95 % at some iteration, half of these by iteration 2,340."
function boundary.touch(s, threshold)
  local level = format.percent(threshold, 0)
  if #s.reached == 0 then
    return ("None of %s touches %s at any time."):format(format.counted(s.runs, "run"), level)
  end
  return ("%d of %s touch%s %s at some iteration, half of these by iteration %s.")
    :format(#s.reached, format.counted(s.runs, "run"), #s.reached == 1 and "es" or "", level,
      format.count(stats.median(s.reached)))
end

--- A table with one group of runs a row: its columns, and a row.
function boundary.columns(threshold)
  local level, columns = format.percent(threshold, 0), { "Runs" }
  for _, name in ipairs { "End at ≥ " .. level, "Accuracy: min", "median", "max", "Median loss",
    "Iterations to " .. level, "Iterations that lowered the loss" } do
    columns[#columns + 1] = { name, align = "right" }
  end
  return columns
end

function boundary.row(name, s)
  return { name, ("%d of %d"):format(s.converged, s.runs), format.percent(stats.min(s.accuracy)),
    format.percent(stats.median(s.accuracy)), format.percent(stats.max(s.accuracy)),
    format.fixed(stats.median(s.loss), 6),
    #s.reached > 0 and ("%s (in %d of %d)"):format(
      format.count(stats.median(s.reached)), #s.reached, s.runs) or "never",
    format.percent(stats.mean(s.improved)) }
end

local function series(records, shown, column)
  local list = {}
  for _, record in ipairs(lab.measured(records)) do
    if record ~= shown and record.map then
      list[#list + 1] = { x = record.curve.iteration, y = record.curve[column], style = "faint",
        runs = { record }, title = #list == 0 and "other seeds" or nil }
    end
  end
  list[#list + 1] = { x = shown.curve.iteration, y = shown.curve[column], style = "first",
    runs = { shown }, title = ("seed %.0f (A, B)"):format(shown.spec.seed) }
  return list
end

--- Panels A true boundary, B learned boundary, C loss, D accuracy, as in the paper.
function boundary.panels(records, threshold)
  local shown = boundary.shown(records)
  if not shown then return nil end
  local range = { -shown.spec.point_range, shown.spec.point_range }
  local function heat(panel)
    panel.kind, panel.cells, panel.range = "heat", shown.map.cells, range
    panel.xlabel, panel.ylabel, panel.cblabel = "x₁", "x₂", "network output"
    return panel
  end
  local target = { values = shown.map.target, style = "black", title = "true boundary" }
  return {
    heat { label = "A", title = "True boundary", values = shown.map.target, contours = { target } },
    heat { label = "B", title = "Learned boundary", values = shown.map.learned, contours = {
      { values = shown.map.learned, style = "learned", title = "learned boundary" }, target } },
    { kind = "curves", label = "C", title = "Loss", xlabel = "iteration",
      ylabel = "mean Euclidean loss", yrange = { 0 }, series = series(records, shown, "loss") },
    { kind = "curves", label = "D", title = "Accuracy", xlabel = "iteration",
      ylabel = "accuracy (%)", percent = true, yrange = { nil, 100 },
      series = series(records, shown, "accuracy"), lines = { { y = threshold,
        title = format.percent(threshold, 0) .. " accuracy" } } },
  }
end

return boundary

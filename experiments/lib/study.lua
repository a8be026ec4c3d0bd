--- Studies: what a sweep over some options shows, as a table with paired differences, a picture that
--- fits, and a CSV with a line a run.
---
---   local study = lab.study { name = "ablation-history", title = "...", caption = "...",
---     over = { "policy.history", "policy.sees" },
---     reference = { ["policy.history"] = 2, ["policy.sees"] = "both" } }
---
---   chapter { ..., study.figure, study.table, function(r) return study.words(r) end }
---
---   over        what is varied: options, and "policy.NAME" for a parameter of the policy or of the
---               one inside it. Runs with the same values are a cell
---   reference   values of the cell that all others are compared with, seed by seed
---   metric      path of the measurement in a record ("train.accuracy"); `percent = false` if it is
---               no share
---   threshold   a run that ends there or above counts as converged
---   records     function of the chapter's results: the runs of the study (all of them)
---   picture     "line" over a number, "points" over names, "heat" over two; by default what fits
local study = {}

local format = require "format"
local names = require "names"
local stats = require "stats"
local sweep = require "sweep"

local Study = {}
Study.__index = Study

local known = { name = true, title = true, caption = true, over = true, reference = true,
  metric = true, percent = true, threshold = true, records = true, picture = true }

--- A value as a reader sees it: nets as 784-32-10, policies and rules by their name.
local function text(value)
  if value == nil then return "default" end
  if type(value) ~= "table" then
    return math.type(value) == "float" and ("%.10g"):format(value) or tostring(value)
  end
  if value.name then return value.file and value.file:match "([^/\\]+)%.lua$" or value.name end
  local parts = {}
  for i, part in ipairs(value) do parts[i] = text(part) end
  return table.concat(parts, "-")
end

local function measurement(record, path)
  local value = record.status ~= "failed" and record or nil
  for key in path:gmatch "[^.]+" do value = type(value) == "table" and value[key] or nil end
  return value ~= nil and value == value and value or false
end

-- ---- cells ----------------------------------------------------------------------------------

local function values_of(self, record)
  local list = {}
  for i, option in ipairs(self.over) do list[i] = sweep.value(record.spec, option) end
  return list
end

local function label(values)
  local parts = {}
  for i = 1, values.n do parts[i] = text(values[i]) end
  return table.concat(parts, ", ")
end

--- Values of runs in the order of their seeds, false where there is none.
local function by_seed(self, cell)
  local map = {}
  for _, record in ipairs(cell.records) do
    map[record.spec.seed] = measurement(record, self.metric)
  end
  return map
end

local function pair(cell, reference)
  local a, b, seeds = {}, {}, {}
  for seed in pairs(cell.by_seed) do
    if reference.by_seed[seed] ~= nil then seeds[#seeds + 1] = seed end
  end
  table.sort(seeds)
  for i, seed in ipairs(seeds) do a[i], b[i] = cell.by_seed[seed], reference.by_seed[seed] end
  return stats.paired(a, b)
end

local function summarise(self, cell)
  cell.by_seed, cell.numbers, cell.converged = by_seed(self, cell), {}, 0
  for _, record in ipairs(cell.records) do
    local value = measurement(record, self.metric)
    if value then cell.numbers[#cell.numbers + 1] = value end
    if value and self.threshold and value >= self.threshold then
      cell.converged = cell.converged + 1
    end
  end
  cell.mean, cell.sd = stats.mean(cell.numbers), stats.sd(cell.numbers)
  cell.low, cell.high = stats.wilson(cell.converged, #cell.records)
end

local function is_reference(self, cell)
  for i, option in ipairs(self.over) do
    if text(cell.values[i]) ~= text(self.reference[option]) then return false end
  end
  return true
end

--- The cells in the order of their first runs: { values (n of them), label, records, numbers, mean,
--- sd, converged, low, high (Wilson), pair (paired difference to the reference, see stats.paired;
--- nil for the reference itself), reference = true for that one }.
function Study:cells(results)
  local cells, index, reference = {}, {}, nil
  for _, record in ipairs(self.records and self.records(results) or results) do
    local values = values_of(self, record)
    values.n = #self.over
    local key = label(values)
    if not index[key] then
      index[key] = { values = values, label = key, records = {} }
      cells[#cells + 1] = index[key]
    end
    table.insert(index[key].records, record)
  end
  for _, cell in ipairs(cells) do
    summarise(self, cell)
    if self.reference and is_reference(self, cell) then
      cell.reference, reference = true, cell
    end
  end
  if self.reference and not reference then
    error(("study '%s': no run has the values of its reference"):format(self.name), 0)
  end
  for _, cell in ipairs(cells) do
    if reference and cell ~= reference then cell.pair = pair(cell, reference) end
  end
  return cells
end

-- ---- the table ------------------------------------------------------------------------------

local function shown(self, x, digits)
  return self.percent and format.percent(x, digits) or format.fixed(x, digits + 2)
end

local function columns(self)
  local list = {}
  for i, option in ipairs(self.over) do list[i] = "`" .. option .. "`" end
  local function right(name) list[#list + 1] = { name, align = "right" } end
  right "n"
  right "Mean"
  right "Stdev"
  if self.threshold then right("End at " .. format.percent(self.threshold, 0)) end
  if self.reference then
    right "Difference"
    right "95 % interval"
  end
  return list
end

local function row(self, cell)
  local list = {}
  for i = 1, #self.over do list[i] = text(cell.values[i]) end
  local function add(value) list[#list + 1] = value end
  local n, runs = #cell.numbers, #cell.records
  add(n == runs and tostring(runs) or ("%d of %d"):format(n, runs))
  add(shown(self, cell.mean, 2))
  add(shown(self, cell.sd, 2))
  if self.threshold then
    add(("%s (%s to %s)"):format(format.percent(cell.converged / runs, 0),
      format.fixed(100 * cell.low, 0), format.fixed(100 * cell.high, 0)))
  end
  if cell.reference then
    add "reference"
    add ""
  elseif self.reference then
    local p, scale = cell.pair, self.percent and 100 or 1
    add(p and format.signed(scale * p.mean, 2) or "–")
    add(p and ("%s to %s"):format(format.signed(scale * p.low, 2),
      format.signed(scale * p.high, 2)) or "–")
  end
  return list
end

--- A line a run: what is varied, seed, status, all that was measured.
local measured = { "iterations", "synapses", "seconds", "rewards_up", "train.loss",
  "train.accuracy", "validation.loss", "validation.accuracy" }

local function csv(self, results)
  local head, rows = table.move(self.over, 1, #self.over, 1, {}), {}
  head[#head + 1], head[#head + 2] = "seed", "status"
  table.move(measured, 1, #measured, #head + 1, head)
  for _, cell in ipairs(self:cells(results)) do
    for _, record in ipairs(cell.records) do
      local line = {}
      for i = 1, #self.over do line[i] = text(cell.values[i]) end
      line[#line + 1], line[#line + 2] = ("%.0f"):format(record.spec.seed), record.status
      for _, path in ipairs(measured) do
        line[#line + 1] = measurement(record, path) or ""
      end
      rows[#rows + 1] = line
    end
  end
  return { columns = head, rows = rows }
end

-- ---- pictures -------------------------------------------------------------------------------

--- Distinct values of what is varied at place i, numbers in their order.
local function axis_values(cells, i)
  local list, seen, all_numbers = {}, {}, true
  for _, cell in ipairs(cells) do
    local value = cell.values[i]
    if not seen[text(value)] then
      seen[text(value)], list[#list + 1] = true, value == nil and "default" or value
      all_numbers = all_numbers and type(value) == "number"
    end
  end
  if all_numbers then table.sort(list) end
  return list, all_numbers
end

local function interval_of(cell)
  local n = #cell.numbers
  if n < 2 then return cell.mean, cell.mean end
  local half = stats.t_quantile(0.975, n - 1) * cell.sd / math.sqrt(n)
  return cell.mean - half, cell.mean + half
end

local function points(cells, place)
  local series = { x = {}, y = {}, low = {}, high = {}, style = "first" }
  for i, cell in ipairs(cells) do
    if cell.mean then
      local n = #series.x + 1
      series.x[n], series.y[n] = place(cell, i), cell.mean
      series.low[n], series.high[n] = interval_of(cell)
    end
  end
  return series
end

local function panel_of(self, cells, series)
  local panel = { kind = "curves", title = self.title, percent = self.percent,
    xlabel = self.over[1], series = series,
    ylabel = self.metric .. (self.percent and " (%)" or "") }
  series[#series].title = "mean over seeds, 95 % interval"
  for _, cell in ipairs(cells) do
    if cell.reference then
      panel.lines = { { y = cell.mean, title = "reference: " .. cell.label } }
    end
  end
  return panel
end

local pictures = {}

function pictures.line(self, cells)
  local bars = points(cells, function(cell) return cell.values[1] end)
  local order = {}
  for i = 1, #bars.x do order[i] = i end
  table.sort(order, function(a, b) return bars.x[a] < bars.x[b] end)
  local line = { x = {}, y = {}, style = "first" }
  for i, k in ipairs(order) do line.x[i], line.y[i] = bars.x[k], bars.y[k] end
  local panel, ticks = panel_of(self, cells, { line, bars }), {}
  for i, value in ipairs(line.x) do ticks[i] = { value, text(value) } end
  if #ticks <= 12 then panel.xticks = ticks end
  local room = 0.04 * (line.x[#line.x] - line.x[1])
  panel.xrange = { line.x[1] - room, line.x[#line.x] + room }
  return panel
end

function pictures.points(self, cells)
  local panel, ticks = panel_of(self, cells, { points(cells, function(_, i) return i end) }), {}
  for i, cell in ipairs(cells) do ticks[i] = { i, cell.label } end
  panel.xlabel = table.concat(self.over, ", ")
  panel.xticks, panel.xrange = ticks, { 0.4, #cells + 0.6 }
  return panel
end

--- Many names do not fit below an axis: differences to the reference, lying flat.
function pictures.forest(self, cells)
  local rows, scale = {}, self.percent and 100 or 1
  for _, cell in ipairs(cells) do
    local p = cell.pair
    if p then
      rows[#rows + 1] = { label = cell.label, x = scale * p.mean, low = scale * p.low,
        high = scale * p.high }
    end
  end
  return { kind = "forest", title = self.title, rows = rows, xlabel = ("%s minus the reference's%s")
    :format(self.metric, self.percent and " (percentage points, 95 % interval)" or "") }
end

function pictures.heat(self, cells)
  local xs, ys = axis_values(cells, 1), axis_values(cells, 2)
  local at, values = {}, {}
  for _, cell in ipairs(cells) do at[cell.label] = cell.mean end
  for r, y in ipairs(ys) do
    for c, x in ipairs(xs) do
      values[(r - 1) * #xs + c] = at[text(x) .. ", " .. text(y)] or 0 / 0
    end
  end
  local longest = 0
  local function ticks(list)
    local t = {}
    longest = 0
    for i, value in ipairs(list) do
      t[i] = { i - 0.5, text(value) }
      longest = math.max(longest, #text(value))
    end
    return t
  end
  local means = self:means(cells)
  return { kind = "heat", title = self.title, values = values, cells = #xs, high = #ys,
    range = { 0, #xs }, xticks = ticks(xs), yticks = ticks(ys), xlabel = self.over[1],
    ylabel = self.over[2], left = 52 + 8 * math.max(longest, 3), percent = self.percent,
    cblabel = self.metric .. (self.percent and " (%)" or ""),
    scale = { stats.min(means), stats.max(means) } }
end

function Study:means(cells)
  local list = {}
  for _, cell in ipairs(cells) do list[#list + 1] = cell.mean end
  return list
end

local MANY = 7 -- names below an axis

local function fitting(self, cells)
  if self.picture then return self.picture end
  if #self.over == 2 then return "heat" end
  local _, numbers = axis_values(cells, 1)
  if #self.over == 1 and numbers then return "line" end
  return #cells > MANY and self.reference and "forest" or "points"
end

-- ---- in words -------------------------------------------------------------------------------

--- What the study shows, as a paragraph.
function Study:words(results)
  local best, worst, above, below, judged = nil, nil, {}, {}, 0
  for _, cell in ipairs(self:cells(results)) do
    if cell.mean and (not best or cell.mean > best.mean) then best = cell end
    if cell.mean and (not worst or cell.mean < worst.mean) then worst = cell end
    local p = cell.pair
    if p then
      judged = judged + 1
      if p.low > 0 then above[#above + 1] = cell.label end
      if p.high < 0 then below[#below + 1] = cell.label end
    end
  end
  if not best then return "No run gave a measurement." end
  local said = { ("Best on average: %s (%s); worst: %s (%s)."):format(best.label,
    shown(self, best.mean, 1), worst.label, shown(self, worst.mean, 1)) }
  if judged > 0 then
    said[2] = ("Of %d paired differences, %d have an interval above 0%s and %d one below%s.")
      :format(judged, #above, #above > 0 and " (" .. table.concat(above, "; ") .. ")" or "",
        #below, #below > 0 and " (" .. table.concat(below, "; ") .. ")" or "")
  end
  return table.concat(said, " ")
end

--- Checks a declaration; `lab` gives the elements of chapters.
function study.declare(lab, declaration)
  names.check(declaration, known, "study")
  for _, key in ipairs { "name", "title", "caption", "over" } do
    if not declaration[key] then error(("study: it has no %s"):format(key), 0) end
  end
  for option in pairs(declaration.reference or {}) do
    if not table.concat(declaration.over, "\n"):find(option, 1, true) then
      error(("study '%s': its reference has %s, which is not varied"):format(declaration.name,
        option), 0)
    end
  end
  if declaration.picture and not pictures[declaration.picture] then
    error(("study '%s': picture = '%s'; it is one of %s"):format(declaration.name,
      declaration.picture, table.concat(names.keys(pictures), ", ")), 0)
  end
  local self = setmetatable({}, Study)
  for key, value in pairs(declaration) do self[key] = value end
  self.metric = self.metric or "train.accuracy"
  if self.percent == nil then self.percent = true end
  local figure = lab.figure { name = self.name, title = self.title, caption = self.caption,
    columns = 1, panels = function(results)
      local cells = self:cells(results)
      return #self:means(cells) > 0 and { pictures[fitting(self, cells)](self, cells) } or nil
    end }
  local tabled = lab.table { name = self.name, title = self.title .. ", in numbers",
    caption = "Means over seeds; differences to the reference are paired by seed.",
    columns = columns(self),
    rows = function(results)
      local rows = {}
      for i, cell in ipairs(self:cells(results)) do rows[i] = row(self, cell) end
      return rows
    end,
    csv = function(results) return csv(self, results) end }
  return { figure = figure, table = tabled,
    cells = function(results) return self:cells(results) end,
    words = function(results) return self:words(results) end }
end

return study

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
---               one inside it; or { name = "...", of = function(record) return value end }. Runs
---               with the same values are a cell, in which each seed stands once
---   labels      other names for what is varied, in table and picture: { ["policy.history"] = "n" }
---   reference   values of the cell that all others are compared with, seed by seed
---   metric      path of the measurement in a record ("train.accuracy"); `percent = false` if it is
---               no share
---   threshold   a run that ends there or above counts as converged
---   records     function of the chapter's results: the runs of the study (all of them)
---   picture     "line" over a number (of two options the second has a line for each value, three
---               at most), "points" over names, "forest" (differences to the reference), "heat" over
---               two; by default what fits. A function of the study and its cells may give a panel, `false`
---               none
---
--- Runs that failed have no part in means and differences and count as not converged; the table says
--- how many ended otherwise than planned.
local study = {}

local format = require "format"
local names = require "names"
local stats = require "stats"
local sweep = require "sweep"

local Study = {}
Study.__index = Study

local known = { name = true, title = true, caption = true, over = true, reference = true,
  metric = true, percent = true, threshold = true, records = true, picture = true, labels = true }

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
  for i, option in ipairs(self.over) do
    list[i] = option.of(record)
  end
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
    local seed = record.spec.seed
    if map[seed] ~= nil then
      error(("study '%s': two runs of seed %.0f in the cell %s; `over` leaves out what differs")
        :format(self.name, seed, cell.label), 0)
    end
    map[seed] = measurement(record, self.metric)
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
  local ill, order = {}, {}
  for _, record in ipairs(cell.records) do
    local value, status = measurement(record, self.metric), record.status
    if status ~= "ended" and not ill[status] then order[#order + 1] = status end
    ill[status] = (ill[status] or 0) + 1
    if value then cell.numbers[#cell.numbers + 1] = value end
    if value and self.threshold and value >= self.threshold then
      cell.converged = cell.converged + 1
    end
  end
  cell.mean, cell.sd = stats.mean(cell.numbers), stats.sd(cell.numbers)
  cell.low, cell.high = stats.wilson(cell.converged, #cell.records)
  for i, status in ipairs(order) do order[i] = ("%d %s"):format(ill[status], status) end
  cell.ill = #order > 0 and table.concat(order, ", ") or nil
end

local function is_reference(self, cell)
  for i, option in ipairs(self.over) do
    if text(cell.values[i]) ~= text(self.reference[option.name]) then return false end
  end
  return true
end

--- The cells in the order of their first runs: { values (n of them), label, records, numbers, mean,
--- sd, converged, low, high (Wilson), ill (how many did not end as planned, in words), pair (paired
--- difference to the reference, see stats.paired; nil for the reference itself), reference = true for
--- that one }.
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
  for i, option in ipairs(self.over) do list[i] = option.label end
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
  add((n == runs and tostring(runs) or ("%d of %d"):format(n, runs))
    .. (cell.ill and (" (%s)"):format(cell.ill) or ""))
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
local measured = { "iterations", "synapses", "seconds", "rewards_up", "batch.loss",
  "batch.accuracy", "train.loss", "train.accuracy", "validation.loss", "validation.accuracy" }

local function csv(self, results)
  local head, rows = {}, {}
  for i, option in ipairs(self.over) do head[i] = option.name end
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
    xlabel = self.over[1].label, series = series,
    ylabel = self.metric .. (self.percent and " (%)" or "") }
  if #series <= 2 then series[#series].title = "mean over seeds, 95 % interval" end
  for _, cell in ipairs(cells) do
    if cell.reference then
      panel.lines = { { y = cell.mean, title = "reference: " .. cell.label } }
    end
  end
  return panel
end

local pictures = {}

local STYLES = { "first", "second", "third" } -- a line each

--- Cells by the values of the second option, if there is one, each list in the order of the first.
local function by_line(self, cells)
  local xs, numbers = axis_values(cells, 1)
  local names_of = #self.over > 1 and axis_values(cells, 2) or { false }
  if not numbers or #self.over > 2 or #names_of > #STYLES then
    error(("study '%s': a line is drawn over numbers, and of a second option over three values at "
      .. "most"):format(self.name), 0)
  end
  local lines = {}
  for l, name in ipairs(names_of) do
    lines[l] = { name = name and text(name) }
    for _, cell in ipairs(cells) do
      if not name or text(cell.values[2]) == text(name) then table.insert(lines[l], cell) end
    end
    table.sort(lines[l], function(a, b) return a.values[1] < b.values[1] end)
  end
  return lines, xs
end

--- Numbers that span more than a factor of 20 are placed by their logarithms.
local function placing(xs)
  local wide = xs[1] > 0 and xs[#xs] > 20 * xs[1]
  return function(x) return wide and math.log(x, 10) or x end, wide
end

function pictures.line(self, cells)
  local lines, xs = by_line(self, cells)
  local place, wide = placing(xs)
  local first, last = place(xs[1]), place(xs[#xs])
  local room, series = 0.04 * math.max(last - first, 1e-9), {}
  for l, list in ipairs(lines) do
    local aside = (l - (#lines + 1) / 2) * 0.2 * room -- so that bars do not hide each other
    local bars = points(list, function(cell) return place(cell.values[1]) + aside end)
    bars.style = STYLES[l]
    series[#series + 1] = { x = bars.x, y = bars.y, style = STYLES[l],
      title = list.name or nil }
    series[#series + 1] = bars
  end
  local panel, ticks = panel_of(self, cells, series), {}
  for i, value in ipairs(xs) do ticks[i] = { place(value), text(value) } end
  if #ticks <= 12 or wide then panel.xticks = ticks end
  panel.xrange = { first - room, last + room }
  return panel
end

function pictures.points(self, cells)
  local panel, ticks = panel_of(self, cells, { points(cells, function(_, i) return i end) }), {}
  for i, cell in ipairs(cells) do ticks[i] = { i, cell.label } end
  local labels = {}
  for i, option in ipairs(self.over) do labels[i] = option.label end
  panel.xlabel = table.concat(labels, ", ")
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
    range = { 0, #xs }, xticks = ticks(xs), yticks = ticks(ys), xlabel = self.over[1].label,
    ylabel = self.over[2].label, left = 52 + 8 * math.max(longest, 3), percent = self.percent,
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
  if #self.over == 2 then
    local columns_of, rows_of = axis_values(cells, 1), axis_values(cells, 2)
    if 2 * #cells >= #columns_of * #rows_of then return "heat" end -- else mostly empty, as of a zip
  end
  local _, numbers = axis_values(cells, 1)
  if #self.over == 1 and numbers then return "line" end
  return #cells > MANY and self.reference and "forest" or "points"
end

-- ---- in words -------------------------------------------------------------------------------

--- "best on average: 3 (95.0 %); worst: 1 (85.0 %)", nil without a measurement.
local function extremes(self, cells)
  local best, worst
  for _, cell in ipairs(cells) do
    if cell.mean and (not best or cell.mean > best.mean) then best = cell end
    if cell.mean and (not worst or cell.mean < worst.mean) then worst = cell end
  end
  return best and ("best on average: %s (%s); worst: %s (%s)"):format(best.label,
    shown(self, best.mean, 1), worst.label, shown(self, worst.mean, 1))
end

--- What the study shows, as a paragraph.
function Study:words(results)
  local cells, above, below, judged = self:cells(results), {}, {}, 0
  for _, cell in ipairs(cells) do
    local p = cell.pair
    if p then
      judged = judged + 1
      if p.low > 0 then above[#above + 1] = cell.label end
      if p.high < 0 then below[#below + 1] = cell.label end
    end
  end
  local most = extremes(self, cells)
  if not most then return "No run gave a measurement." end
  local said = { most:gsub("^b", "B") .. "." }
  if judged > 0 then
    said[2] = ("Of %d paired differences, %d have an interval above 0%s and %d one below%s.")
      :format(judged, #above, #above > 0 and " (" .. table.concat(above, "; ") .. ")" or "",
        #below, #below > 0 and " (" .. table.concat(below, "; ") .. ")" or "")
  end
  return table.concat(said, " ")
end

--- What is varied, with the name in CSVs, the label for readers and the value in a record.
local function axes(self)
  local list = {}
  for i, option in ipairs(self.over) do
    local name, of = option, nil
    if type(option) == "table" then name, of = option.name, option.of end
    if type(name) ~= "string" or type(option) == "table" and type(of) ~= "function" then
      error(("study '%s': item %d of over is no option's name and no { name = , of = function }")
        :format(self.name, i), 0)
    end
    list[i] = { name = name, label = self.labels and self.labels[name] or name,
      of = of or function(record) return sweep.value(record.spec, name) end }
  end
  return list
end

--- Checks a declaration; `lab` gives the elements of chapters.
function study.declare(lab, declaration)
  names.check(declaration, known, "study")
  for _, key in ipairs { "name", "title", "caption", "over" } do
    if not declaration[key] then error(("study: it has no %s"):format(key), 0) end
  end
  local self = setmetatable({}, Study)
  for key, value in pairs(declaration) do self[key] = value end
  self.over = axes(self)
  local varied = {}
  for _, option in ipairs(self.over) do varied[option.name] = true end
  for option in pairs(declaration.reference or {}) do
    if not varied[option] then
      error(("study '%s': its reference has %s, which is not varied"):format(declaration.name,
        option), 0)
    end
  end
  local wanted = declaration.picture
  if wanted and type(wanted) ~= "function" and not pictures[wanted] then
    error(("study '%s': picture = '%s'; it is one of %s"):format(declaration.name,
      wanted, table.concat(names.keys(pictures), ", ")), 0)
  end
  self.metric = self.metric or "train.accuracy"
  if self.percent == nil then self.percent = true end
  local figure = lab.figure { name = self.name, title = self.title, caption = self.caption,
    columns = 1, panels = function(results)
      local cells = self:cells(results)
      if #self:means(cells) == 0 then return nil end
      local picture = fitting(self, cells)
      return { (pictures[picture] or picture)(self, cells) }
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
  return { figure = self.picture ~= false and figure or function() end, table = tabled,
    cells = function(results) return self:cells(results) end,
    words = function(results) return self:words(results) end,
    extremes = function(results) return extremes(self, self:cells(results)) or "no measurement" end }
end

return study

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
---               one inside it, NAME alone where no option has that name; or { name = "...", of = function(record) return value end }. Runs
---               with the same values are a cell, in which each seed stands once
---   labels      other names for what is varied, in table and picture: { ["policy.history"] = "n" }
---   reference   values of the cell that all others are compared with, seed by seed
---   metric      path of the measurement in a record ("train.accuracy"), one of metrics.lua, which
---               knows whether more or less of it is better; `percent = false` shows a share as a
---               plain number
---   threshold   a run that ends there, or better, counts as converged
---   records     function of the chapter's results: the runs of the study (all of them)
---   picture     "line" over a number (of two options the second has a line for each value, three
---               at most), "points" over names, "forest" (differences to the reference), "heat" over
---               two; by default what fits. A function of the study and its cells may give a panel, `false`
---               none
---
--- Runs that failed have no part in means and differences and count as not converged; the table says
--- how many ended otherwise than planned. What is wrong with a declaration is told when it is made,
--- or by the runs that it is about, before any of them runs: see study/checks.lua.
local study = {}

local checks = require "study.checks"
local fields = require "text.fields"
local foreseen = require "runs.foreseen"
local format = require "text.format"
local metrics = require "runs.metrics"
local names = require "text.names"
local pictures = require "study.pictures"
local stats = require "statistics.stats"
local values = require "study.values"

local text = format.value

local Study = {}
Study.__index = function(_, key)
  if Study[key] == nil and type(key) == "string" then
    local near = names.nearest(key, { "figure", "table", "words", "cells", "name", "title" })
    if near and near ~= key then
      error(("a study has no '%s'; did you mean '%s'?"):format(key, near), 2)
    end
  end
  return Study[key]
end

local study_of = setmetatable({}, { __mode = "k" }) -- by the parts that a chapter is given

local known = { name = { "string", must = true }, title = { "string", must = true },
  caption = { "string", must = true }, over = { "table", must = true },
  reference = { "table", false }, metric = { "string" }, percent = { "boolean" },
  threshold = { "number" }, records = { "function" }, picture = { "string", "function", false },
  labels = { "table", of = { "string" } } }

-- ---- cells ----------------------------------------------------------------------------------

local function label(list)
  local parts = {}
  for i = 1, list.n do parts[i] = text(list[i]) end
  return table.concat(parts, ", ")
end

--- Values of runs by their seeds, false where there is none.
local function by_seed(self, cell)
  local map = {}
  for _, record in ipairs(cell.records) do
    map[record.spec.seed] = metrics.of(record, self.metric.path)
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
    local value, status = metrics.of(record, self.metric.path), record.status
    if status ~= "ended" and not ill[status] then order[#order + 1] = status end
    ill[status] = (ill[status] or 0) + 1
    if value then cell.numbers[#cell.numbers + 1] = value end
    if value and self.threshold and metrics.reaches(self.metric, value, self.threshold) then
      cell.converged = cell.converged + 1
    end
  end
  cell.mean, cell.sd = stats.mean(cell.numbers), stats.sd(cell.numbers)
  cell.low, cell.high = stats.wilson(cell.converged, #cell.records)
  for i, status in ipairs(order) do order[i] = ("%d %s"):format(ill[status], status) end
  cell.ill = #order > 0 and table.concat(order, ", ") or nil
end

--- A file may be named as it was given, too.
local function is_reference(self, cell)
  for i, option in ipairs(self.over) do
    local wanted = self.reference[option.name]
    if not checks.same(cell.values[i], wanted)
      and not (wanted ~= nil and checks.same(option.of(cell.records[1]), wanted)) then
      return false
    end
  end
  return true
end

--- Runs by their values, in the order of their first runs.
local function grouped(self, records)
  local cells, index, reference = {}, {}, nil
  local read = values.reader(self, records)
  for _, record in ipairs(records) do
    local list = read(record)
    local key = label(list)
    if not index[key] then
      index[key] = { values = list, label = key, words = values.in_words(self, list), records = {} }
      cells[#cells + 1] = index[key]
    end
    table.insert(index[key].records, record)
  end
  for _, cell in ipairs(cells) do
    checks.seeds(self, cell)
    if self.reference and is_reference(self, cell) then
      cell.reference, reference = true, cell
    end
  end
  if self.reference and not reference then checks.reference(self, cells) end
  return cells, reference
end

local function same_list(a, b)
  if #a ~= #b then return false end
  for i = 1, #a do
    if not rawequal(a[i], b[i]) then return false end
  end
  return true
end

--- The cells in the order of their first runs, made once for a picture, a table, a CSV and words of the
--- same runs: { values (n of them), label, words (with the names of
--- the options), records, numbers, mean, sd, converged, low, high (Wilson), ill (how many did not end as planned, in words), pair (paired
--- difference to the reference, see stats.paired; nil for the reference itself), reference = true for
--- that one }.
function Study:cells(results)
  local list, known = checks.records(self, results), self.known
  if not known or not same_list(known.list, list) then
    local cells, reference = grouped(self, list)
    for _, cell in ipairs(cells) do summarise(self, cell) end
    for _, cell in ipairs(cells) do
      if reference and cell ~= reference then cell.pair = pair(cell, reference) end
    end
    known = { list = table.move(list, 1, #list, 1, {}), cells = cells }
    self.known = known
  end
  return table.move(known.cells, 1, #known.cells, 1, {})
end

--- Tries the study on records that are foreseen.
function Study:check(results)
  foreseen.try(function()
    checks.runs(self, checks.records(self, results),
      function(records) return (grouped(self, records)) end,
      function(cells) pictures.check(self, cells) end)
  end)
end

-- ---- the table ------------------------------------------------------------------------------

--- A mean or a deviation: a share with so many decimals, anything else by its size, or with the
--- decimals of its column.
local function shown(self, x, digits, decimals)
  if not self.percent then
    local number = decimals and x and x ~= 0 and format.fixed(x, decimals) or format.sized(x, 4)
    return number .. (x and self.metric.unit == "seconds" and " s" or "")
  end
  return x == 0 and "0 %" or format.percent(x, digits)
end

local SPAN = 1e4 -- from the smallest to the greatest of a column

--- The decimals that show four digits of each number of a column; nil where that would be long.
local function decimals_of(list)
  local least, most, decimals = math.huge, 0, 0
  for _, x in ipairs(list) do
    local size = math.abs(x)
    if size > 0 then
      local text_of = format.sized(x, 4)
      if text_of:find "e" then return nil end
      least, most = math.min(least, size), math.max(most, size)
      decimals = math.max(decimals, #(text_of:match "%.(%d+)$" or ""))
    end
  end
  return most <= SPAN * least and decimals or nil
end

--- Of the columns of means and of deviations.
local function decimals(self, cells)
  local means, sds = {}, {}
  for _, cell in ipairs(self.percent and {} or cells) do
    means[#means + 1], sds[#sds + 1] = cell.mean, cell.sd
  end
  return { mean = decimals_of(means), sd = decimals_of(sds) }
end

--- A paired difference and its interval; what is nothing but rounding beside it is 0.
local function differences(self, p, digits)
  if not p then return "–", "–" end
  local noise = 1e-9 * math.max(math.abs(p.low), math.abs(p.high))
  local function signed(x)
    if math.abs(x) <= noise then x = 0 end
    return self.percent and format.signed(100 * x, 2) or format.signed(x, digits)
  end
  return signed(p.mean), ("%s to %s"):format(signed(p.low), signed(p.high))
end

local function columns(self)
  local list = {}
  for i, option in ipairs(self.over) do list[i] = option.label end
  local function right(name) list[#list + 1] = { name, align = "right" } end
  right "n"
  right("Mean " .. self.metric.label)
  right "Stdev"
  if self.threshold then
    right("End at " .. (self.metric.better == "low" and "≤ " or "") .. (self.percent
      and format.percent(self.threshold, 0) or text(self.threshold)))
  end
  if self.reference then
    right "Difference"
    right "95 % interval"
  end
  return list
end

local function row(self, cell, digits)
  local list = {}
  for i = 1, #self.over do list[i] = text(cell.values[i]) end
  local function add(value) list[#list + 1] = value end
  local n, runs = #cell.numbers, #cell.records
  add((n == runs and tostring(runs) or ("%d of %d"):format(n, runs))
    .. (cell.ill and (" (%s)"):format(cell.ill) or ""))
  add(shown(self, cell.mean, 2, digits.mean))
  add(shown(self, cell.sd, 2, digits.sd))
  if self.threshold then
    add(("%s (%s to %s)"):format(format.percent(cell.converged / runs, 0),
      format.fixed(100 * cell.low, 0), format.fixed(100 * cell.high, 0)))
  end
  if cell.reference then
    add "reference"
    add ""
  elseif self.reference then
    local mean, interval = differences(self, cell.pair, digits.mean)
    add(mean)
    add(interval)
  end
  return list
end

--- A line a run: what is varied, seed, status, all that was measured.
local function csv(self, results)
  local head, rows = {}, {}
  for i, option in ipairs(self.over) do head[i] = option.name end
  head[#head + 1], head[#head + 2] = "seed", "status"
  for _, metric in ipairs(metrics.all()) do head[#head + 1] = metric.path end
  for _, cell in ipairs(self:cells(results)) do
    for _, record in ipairs(cell.records) do
      local line = {}
      for i = 1, #self.over do line[i] = text(cell.values[i]) end
      line[#line + 1], line[#line + 2] = ("%.0f"):format(record.spec.seed), record.status
      for _, metric in ipairs(metrics.all()) do
        line[#line + 1] = metrics.of(record, metric.path) or ""
      end
      rows[#rows + 1] = line
    end
  end
  return { columns = head, rows = rows }
end

-- ---- in words -------------------------------------------------------------------------------

local function level(cell)
  return metrics.level(cell.mean)
end

--- The cells with the mean that no other is better than, or worse; none without a measurement.
local function foremost(self, cells, worst)
  local list = {}
  for _, cell in ipairs(cells) do
    local a, b = level(cell), list[1] and level(list[1])
    if worst then a, b = b, a end
    if cell.mean and (not list[1] or metrics.better(self.metric, a, b)) then
      list = { cell }
    elseif cell.mean and a == b then
      list[#list + 1] = cell
    end
  end
  return list
end

local NAMED = 3 -- cells that are equal: more than these are counted

--- "2 and 3, which are equal (95.0 %)"
local function listed(self, cells, equal)
  local labels = {}
  for i = 1, #cells > NAMED + 1 and NAMED or #cells do labels[i] = cells[i].words end
  if #labels < #cells then labels[#labels + 1] = ("%d more"):format(#cells - #labels) end
  return ("%s%s (%s)"):format(table.concat(labels, " and "), #cells > 1 and equal or "",
    shown(self, cells[1].mean, 1))
end

--- "best on average: 3 (95.0 %); worst: 1 (85.0 %)", nil without a measurement; "largest" and
--- "smallest" where neither is better.
local function extremes(self, cells)
  local best, worst = foremost(self, cells), foremost(self, cells, true)
  if #best == 0 then return nil end
  if level(best[1]) == level(worst[1]) then
    return (#best > 1 and "equal on average: " or "on average: ") .. listed(self, best, "")
  end
  local first, last = "best", "worst"
  if not self.metric.better then first, last = "largest", "smallest" end
  local equal = ", which are equal"
  return ("%s on average: %s; %s: %s"):format(first, listed(self, best, equal), last,
    listed(self, worst, equal))
end

--- What the study shows, as a paragraph.
function Study:words(results)
  local cells, above, below, judged, lost = self:cells(results), {}, {}, 0, nil
  local most_runs = 0
  for _, cell in ipairs(cells) do
    local p = cell.pair
    most_runs = math.max(most_runs, #cell.records)
    if cell.reference and not cell.mean then lost = cell.words end
    if p then
      judged = judged + 1
      if p.low > 0 then above[#above + 1] = cell.words end
      if p.high < 0 then below[#below + 1] = cell.words end
    end
  end
  local most = extremes(self, cells)
  if not most then return "No run gave a measurement." end
  local said = { most:gsub("^%l", string.upper) .. "." }
  if judged > 0 then
    said[2] = ("Of %s, %d %s an interval above 0%s and %d one below%s.")
      :format(format.counted(judged, "paired difference"), #above, #above == 1 and "has" or "have",
        #above > 0 and " (" .. table.concat(above, "; ") .. ")" or "",
        #below, #below > 0 and " (" .. table.concat(below, "; ") .. ")" or "")
    if judged > 1 and #above + #below > 0 then
      said[3] = "By chance alone about one in twenty would."
    end
  end
  if most_runs == 1 and #cells > 1 then
    said[#said + 1] = "Each cell has one seed, so nothing says how much of this is chance: differences "
      .. "and intervals need two seeds or more."
  end
  if lost then
    said[#said + 1] = ("The reference, %s, has no measurement, so there are no differences."):format(
      lost)
  end
  return table.concat(said, " ")
end

--- Checks a declaration; `lab` gives the elements of chapters.
function study.declare(lab, declaration)
  fields.of_type(declaration, { "table" }, "study", "its declaration")
  fields.check(declaration, known, fields.place("study", declaration.name))
  local self = setmetatable({ known = false }, Study)
  for key, value in pairs(declaration) do self[key] = value end
  self.metric = metrics.get(self.metric or "train.accuracy", ("study '%s'"):format(self.name))
  if self.percent == nil then self.percent = self.metric.unit == "share" end
  self.over = checks.axes(self)
  checks.declaration(self, pictures.kinds)
  local figure = lab.figure { name = self.name, title = self.title, caption = self.caption,
    columns = 1, panels = function(results) return pictures.panels(self, self:cells(results)) end,
    alt = function(results)
      return ("%s; %s."):format(self.title, extremes(self, self:cells(results)) or "no measurement")
    end }
  local tabled = lab.table { name = self.name, title = self.title .. ", in numbers",
    caption = self.reference and "Means over seeds; differences to the reference are paired by seed."
      or "Means over seeds.",
    columns = columns(self),
    rows = function(results)
      local rows, cells = {}, self:cells(results)
      local digits = decimals(self, cells)
      for i, cell in ipairs(cells) do rows[i] = row(self, cell, digits) end
      return rows
    end,
    csv = function(results) return csv(self, results) end }
  local made = { figure = self.picture ~= false and figure or function() return false end, table = tabled,
    cells = function(results) return self:cells(results) end,
    words = function(results) return self:words(results) end,
    extremes = function(results) return extremes(self, self:cells(results)) or "no measurement" end }
  for _, part in pairs(made) do study_of[part] = self end
  return setmetatable(made, { __index = function(_, part)
    local near = names.nearest(part, names.keys(made))
    error(("study '%s' has no '%s'%s"):format(self.name, tostring(part),
      near and ("; did you mean '%s'?"):format(near) or ": it has figure, table, words, cells, extremes"), 2)
  end })
end

--- The study that an item of a chapter shows, or nil.
function study.of(item)
  return study_of[item]
end

return study

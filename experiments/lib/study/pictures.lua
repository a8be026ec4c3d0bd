--- The pictures of a study (study.lua): panels for plot.lua from its cells. Every one of
--- pictures.kinds is a function of the study and its cells.
local pictures = { kinds = {} }

local format = require "text.format"
local means = require "pictures.means"
local measure = require "pictures.measure"
local stats = require "statistics.stats"

local text = format.value

local function means_of(cells)
  local list = {}
  for _, cell in ipairs(cells) do list[#list + 1] = cell.mean end
  return list
end

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

--- The metric's name, with its unit and what else is said of it.
local function metric_name(self, more)
  local unit = self.percent and "%" or self.metric.unit == "seconds" and "s" or nil
  local words = {}
  if unit then words[1] = unit end
  if more then words[#words + 1] = more end
  return self.metric.label .. (#words > 0 and (" (%s)"):format(table.concat(words, ", ")) or "")
end

local AROUND = "95 % interval"

--- The metric's bounds, as they are shown; nil at an end where it has none.
local function bounds_of(self)
  local scale = self.percent and 100 or 1
  return { scale * self.metric.low, self.metric.high and scale * self.metric.high }
end

--- Cells with their intervals as series of a style; place(cell, i) says where.
local function points(cells, style, place)
  local list = {}
  for i, cell in ipairs(cells) do
    if cell.mean then
      local n = #cell.numbers
      local low, high = means.interval(cell.mean, cell.sd, n)
      list[#list + 1] = { x = place(cell, i), y = cell.mean, low = low, high = high, n = n,
        runs = cell.records }
    end
  end
  return means.series(list, style, AROUND)
end

--- What is varied, as readers know it: "history n, reward".
local function labels_of(self)
  local list = {}
  for i, option in ipairs(self.over) do list[i] = option.label end
  return table.concat(list, ", ")
end

--- The values of a cell; where there are several, with what they are values of.
local function named(self, cell)
  if #self.over == 1 then return cell.label end
  local list = {}
  for i, option in ipairs(self.over) do
    list[i] = ("%s = %s"):format(option.label, text(cell.values[i]))
  end
  return table.concat(list, ", ")
end

local function panel_of(self, cells, series)
  local panel = { kind = "curves", title = self.title, percent = self.percent,
    xlabel = self.over[1].label, series = series, bounds = bounds_of(self),
    ylabel = metric_name(self) }
  for _, cell in ipairs(cells) do
    if cell.reference and cell.mean then
      panel.lines = { { y = cell.mean, title = "reference: " .. named(self, cell) } }
    end
  end
  return panel
end

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
    lines[l] = { name = name and ("%s = %s"):format(self.over[2].label, text(name)) }
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

--- What means and intervals are called, once for all lines, in the colour of none of them.
local function named_once(series)
  local seen = {}
  for i = 1, #series do
    local bars = series[i]
    if bars.low then
      if not seen[bars.title] then
        series[#series + 1] = { x = {}, y = {}, low = {}, high = {}, open = bars.open, style = "guide",
          title = bars.title }
      end
      seen[bars.title], bars.title = true, nil
    end
  end
end

function pictures.kinds.line(self, cells)
  local lines, xs = by_line(self, cells)
  local place, wide = placing(xs)
  local first, last = place(xs[1]), place(xs[#xs])
  local room, series = 0.04 * math.max(last - first, 1e-9), {}
  for l, list in ipairs(lines) do
    local aside = (l - (#lines + 1) / 2) * 0.2 * room -- so that bars do not hide each other
    local line = { x = {}, y = {}, through = true, style = STYLES[l], title = list.name or nil }
    series[#series + 1] = line
    for _, bars in ipairs(points(list, STYLES[l], function(cell)
      return place(cell.values[1]) + aside end)) do
      series[#series + 1] = bars
    end
    for _, cell in ipairs(list) do
      if cell.mean then
        table.insert(line.x, place(cell.values[1]) + aside)
        table.insert(line.y, cell.mean)
      end
    end
  end
  if #lines > 1 then named_once(series) end
  local panel, ticks = panel_of(self, cells, series), {}
  for i, value in ipairs(xs) do ticks[i] = { place(value), text(value) } end
  if #ticks <= 12 or wide then panel.xticks = ticks end
  panel.xrange = { first - room, last + room }
  return panel
end

--- Intervals that lie, a row a cell; of(cell) gives x, low, high and the number of seeds, or nothing.
local function forest(self, cells, xlabel, bounds, of)
  local rows, scale = {}, self.percent and 100 or 1
  for _, cell in ipairs(cells) do
    local x, low, high, n = of(cell)
    if x then
      rows[#rows + 1] = { label = means.label(cell.label, n), x = scale * x, low = scale * low,
        high = scale * high, open = n == 1, runs = cell.records }
    end
  end
  return #rows > 0 and { kind = "forest", title = self.title, rows = rows, head = labels_of(self),
    xlabel = xlabel, bounds = bounds } or nil
end

--- Means: names that find no room below an axis find it here.
local function lying(self, cells)
  local several = false
  for _, cell in ipairs(cells) do several = several or #cell.numbers > 1 end
  return forest(self, cells, metric_name(self, several and "mean over seeds, " .. AROUND or nil),
    bounds_of(self), function(cell)
      if not cell.mean then return nil end
      local low, high = means.interval(cell.mean, cell.sd, #cell.numbers)
      return cell.mean, low, high, #cell.numbers
    end)
end

local ROOM, LETTERS = 720, 13 -- pixels below an axis, and the size of letters there

function pictures.kinds.points(self, cells)
  for _, cell in ipairs(cells) do
    if measure.width(measure.clean(cell.label), LETTERS) + 8 > ROOM / #cells then
      return lying(self, cells)
    end
  end
  local panel = panel_of(self, cells, points(cells, "first", function(_, i) return i end))
  local ticks = {}
  for i, cell in ipairs(cells) do ticks[i] = { i, cell.label } end
  panel.xlabel = labels_of(self)
  panel.xticks, panel.xrange = ticks, { 0.4, #cells + 0.6 }
  return panel
end

--- Many names do not fit below an axis: differences to the reference, lying flat.
function pictures.kinds.forest(self, cells)
  local low, high = table.unpack(bounds_of(self), 1, 2)
  local panel = forest(self, cells, self.metric.label .. " minus the reference's (" .. (self.percent
    and "percentage points, " or "") .. AROUND .. ")", high and { low - high, high - low },
    function(cell)
      local p = cell.pair
      if p then return p.mean, p.low, p.high, p.n end
    end)
  if panel then panel.differences = true end
  return panel
end

function pictures.kinds.heat(self, cells)
  local xs, ys = axis_values(cells, 1), axis_values(cells, 2)
  local at, values, runs_of, mark, white = {}, {}, {}, nil, false
  for _, cell in ipairs(cells) do at[cell.label] = cell end
  for r, y in ipairs(ys) do
    for c, x in ipairs(xs) do
      local cell = at[text(x) .. ", " .. text(y)]
      values[(r - 1) * #xs + c] = cell and cell.mean or 0 / 0
      runs_of[(r - 1) * #xs + c] = cell and cell.records or {}
      white = white or not (cell and cell.mean)
      if cell and cell.reference then mark = { c, r } end
    end
  end
  local function ticks(list)
    local t = {}
    for i, value in ipairs(list) do t[i] = { i - 0.5, text(value) } end
    return t
  end
  local all, better, notes = means_of(cells), self.metric.better, {}
  if mark then notes[1] = "framed: the reference" end
  if white then notes[#notes + 1] = "white: no measurement" end
  if better then notes[#notes + 1] = (better == "low" and "less" or "more") .. " is better" end
  return { kind = "heat", title = self.title, mark = mark, notes = notes,
    values = values, runs_of = runs_of, cells = #xs, high = #ys,
    range = { 0, #xs }, xticks = ticks(xs), yticks = ticks(ys), xlabel = self.over[1].label,
    ylabel = self.over[2].label, percent = self.percent,
    cblabel = metric_name(self), scale = { stats.min(all), stats.max(all) } }
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

--- Tells before anything runs that the picture asked for cannot be drawn over these cells.
function pictures.check(self, cells)
  if self.picture == "line" then by_line(self, cells) end
end

--- The panels of a study, nil where no cell has a mean.
function pictures.panels(self, cells)
  if #means_of(cells) == 0 then return nil end
  local picture = fitting(self, cells)
  local panel = (pictures.kinds[picture] or picture)(self, cells)
  return panel and { panel }
end

return pictures

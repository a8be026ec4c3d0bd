--- What a figure shows, in numbers: a row a point, panel by panel and series by series. A long curve is
--- told as it is drawn, by the lowest and the highest point of each of its stretches, with fewer of
--- these, since nobody can point at more.
local points = {}

local axes = require "pictures.axes"
local format = require "text.format"
local measure = require "pictures.measure"
local records = require "runs.records"
local tables = require "text.tables"

local MOST, FAINT = 400, 100 -- points of a curve; of one that stands behind others

points.columns = { "panel", "series", "x", "y", "z", "low", "high", "seeds", "run" }

--- The label and the title of a panel, as one name.
function points.name(panel)
  local label, title = measure.clean(panel.label or ""), measure.clean(panel.title or "")
  return label ~= "" and title ~= "" and label .. ": " .. title or label .. title
end

--- Seeds of records, and which run they are, or how many.
local function runs_of(list)
  list = records.measured(list or {})
  if #list == 0 then return nil, nil end
  local seeds = {}
  for i, record in ipairs(list) do seeds[i] = math.tointeger(record.spec.seed) or record.spec.seed end
  table.sort(seeds)
  return format.ranges(seeds), #list == 1 and list[1].key:sub(1, 12)
    or format.counted(#list, "run")
end

--- The text of the tick that is nearest to a position, nil where there are none.
local function at_tick(ticks, position)
  local nearest = ticks and ticks[1]
  if not nearest then return nil end
  for _, tick in ipairs(ticks) do
    if math.abs(tick[1] - position) < math.abs(nearest[1] - position) then nearest = tick end
  end
  local text = nearest[2]
  return measure.clean(type(text) == "table" and table.concat(text, " ") or text)
end

local function thinned(series)
  if not series.low then
    return axes.decimate(series.x, series.y, series.style == "faint" and FAINT or MOST)
  end
  if not series.band or #series.x <= MOST then return series.x, series.y, series.low, series.high end
  local kept, step = { {}, {}, {}, {} }, math.ceil(#series.x / MOST)
  for i = 1, #series.x do
    if i % step == 0 or i == 1 or i == #series.x then
      for k, column in ipairs { "x", "y", "low", "high" } do table.insert(kept[k], series[column][i]) end
    end
  end
  return table.unpack(kept)
end

--- What the legend calls a series that has no title: what it calls the first one of its style.
function points.title(panel, series)
  if series.title then return series.title end
  for _, other in ipairs(panel.series) do
    if other.title and other.style == series.style then return other.title end
  end
end

local of_kind = {}

function of_kind.curves(panel, id, add)
  local scale, stands = panel.percent and 100 or 1, false
  for _, series in ipairs(panel.series) do stands = stands or series.low and not series.band end
  for s, series in ipairs(panel.series) do
    local xs, ys, low, high = thinned(series)
    for i, x in ipairs(series.through and {} or xs) do
      local y = scale * ys[i]
      if x == x and y == y and not (panel.xlog and x <= 0) then
        local seeds, run = runs_of(series.runs_of and series.runs_of[i] or series.runs)
        local around = low and low[i] < high[i]
        add { of = ("%s_%d"):format(id, s), series = points.title(panel, series), at = { x, y },
          x = stands and at_tick(panel.xticks, x) or x, y = y, seeds = seeds, run = run,
          low = around and scale * low[i] or nil, high = around and scale * high[i] or nil }
      end
    end
  end
end

function of_kind.forest(panel, id, add)
  for i, row in ipairs(panel.rows) do
    local seeds, run = runs_of(row.runs)
    local around = row.low < row.high
    add { of = id .. "_rows", series = row.label, at = { row.x, #panel.rows - i }, x = row.x,
      low = around and row.low or nil, high = around and row.high or nil, seeds = seeds, run = run }
  end
end

function of_kind.heat(panel, _, add)
  local scale, size = panel.percent and 100 or 1, (panel.range[2] - panel.range[1]) / panel.cells
  local function place(ticks, i)
    local middle = panel.range[1] + (i + 0.5) * size
    return at_tick(ticks, middle) or middle
  end
  for i, value in ipairs(panel.values) do
    local seeds, run = runs_of(panel.runs_of and panel.runs_of[i])
    add { seeds = seeds, run = run, x = place(panel.xticks, (i - 1) % panel.cells), y = place(panel.yticks, (i - 1) // panel.cells),
      z = value == value and tonumber(("%.3g"):format(scale * value)) or nil }
  end
end

--- Points of a panel, whose drawing calls it `id`: { series, x, y, z, low, high, seeds, run } as a table
--- has them, `at` where they are on the axes, `of` what part of the drawing shows them. A map's cells
--- have neither.
function points.of(panel, id)
  local list, name = {}, measure.clean(panel.label or "")
  if name == "" then name = points.name(panel) end
  of_kind[panel.kind or "curves"](panel, id, function(point)
    point.panel, point.series = name, point.series and measure.clean(point.series)
    list[#list + 1] = point
  end)
  return list
end

--- All of a figure's as CSV.
function points.csv(figure)
  local rows = {}
  for i, panel in ipairs(figure.panels) do
    for _, point in ipairs(points.of(panel, "p" .. i)) do
      local row = {}
      for c, column in ipairs(points.columns) do
        local value = point[column]
        row[c] = type(value) == "number" and value == value and ("%.6g"):format(value) or value
      end
      rows[#rows + 1] = row
    end
  end
  return tables.csv(points.columns, rows)
end

return points

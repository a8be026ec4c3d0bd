--- The kinds of panels (see plot.lua). Each has
---
---   view(panel)                           its axes and how high it wants to be, for frame.lua
---   data(emit, panel, id)                 its numbers, under names that begin with id
---   draw(emit, panel, id, box)            what is in its box, { width, height, pen, left, top } in pixels
---   any_cut(panel)                        may be: does an interval go on beyond what can be?
local kinds = { curves = {}, forest = {}, heat = {} }

local axes = require "pictures.axes"
local format = require "text.format"
local measure = require "pictures.measure"

local HEIGHT = 214 -- of a box, if nothing wants more

local number, quote = axes.number, axes.quote

--- Named data in front of the plots: gnuplot's here-documents.
local function block(emit, name, rows)
  emit("$%s << EOD", name)
  for _, row in ipairs(rows) do emit(row) end
  emit("EOD")
end

--- What the panel's values cannot leave, as they are shown.
local function bounds_of(panel)
  return panel.bounds or panel.percent and { 0, 100 } or {}
end

--- Does an interval leave the bounds? At which ends?
local function cut(panel, low, high)
  local lo, hi = table.unpack(bounds_of(panel), 1, 2)
  return lo ~= nil and low < lo, hi ~= nil and high > hi
end

--- Does any of the panel's intervals go on beyond what can be?
local function any_cut(panel)
  local scale, any = panel.percent and 100 or 1, false
  local function look(low, high)
    local left, right = cut(panel, low, high)
    any = any or left or right
  end
  for _, series in ipairs(panel.series or {}) do
    for i, low in ipairs(series.low or {}) do look(scale * low, scale * series.high[i]) end
  end
  for _, row in ipairs(panel.rows or {}) do look(row.low, row.high) end
  return any
end
kinds.curves.any_cut, kinds.forest.any_cut = any_cut, any_cut

-- ---- curves and points --------------------------------------------------------------------------

local function curve_rows(series, scale, most)
  local rows = {}
  if series.low then
    for i = 1, #series.x do
      rows[i] = table.concat({ number(series.x[i]), number(scale * series.y[i]),
        number(scale * series.low[i]), number(scale * series.high[i]) }, " ")
    end
    return rows
  end
  local x, y = axes.decimate(series.x, series.y, most)
  for i = 1, #x do rows[i] = number(x[i]) .. " " .. number(scale * y[i]) end
  return rows
end

--- Curves and points share their axes. A series with `low` and `high` is drawn as points.
function kinds.curves.data(emit, panel, id)
  local scale = panel.percent and 100 or 1
  for s, series in ipairs(panel.series) do
    local most = axes.POINTS_MAX // (series.style == "faint" and 8 or 1)
    local rows = curve_rows(series, scale, most)
    -- gnuplot wants at least one row; this one is not drawn
    block(emit, id .. "_" .. s, #rows > 0 and rows or { "NaN NaN NaN NaN" })
  end
end

--- All numbers of a panel's series, by x and by y.
local function numbers_of(panel)
  local scale, xs, ys = panel.percent and 100 or 1, {}, {}
  for _, series in ipairs(panel.series) do
    xs[#xs + 1] = series.x
    for _, column in ipairs { "y", "low", "high" } do
      local scaled = {}
      for i, y in ipairs(series[column] or {}) do scaled[i] = scale * y end
      ys[#ys + 1] = scaled
    end
  end
  return xs, ys
end

function kinds.curves.view(panel)
  local xs, ys = numbers_of(panel)
  local left, right = axes.extent(panel.xrange, xs, 0)
  local low, high = axes.extent(panel.yrange, ys, 0.04, bounds_of(panel))
  return { height = HEIGHT, x = { left, right, ticks = panel.xticks }, y = { low, high } }
end

function kinds.curves.draw(emit, panel, id)
  local parts = {}
  for s, series in ipairs(panel.series) do
    local line, point, colour = axes.line(series.style)
    if series.low then
      parts[#parts + 1] = ("$%s_%d %s ps 0.7 lc rgb '%s' lw 1 notitle"):format(id, s, series.open
        and "using 1:2 with points pt " .. point - 1 or "with yerrorbars pt " .. point, colour)
    else
      parts[#parts + 1] = ("$%s_%d with lines %s notitle"):format(id, s, line)
    end
  end
  local scale = panel.percent and 100 or 1
  for _, line in ipairs(panel.lines or {}) do
    parts[#parts + 1] = ("%s with lines %s notitle"):format(number(scale * line.y),
      (axes.line(line.style or "guide")))
  end
  emit("set border 3 lc rgb '#404040'")
  emit("set grid ytics lc rgb '#e4e4e4' lw 0.8 dt solid")
  emit("plot " .. table.concat(parts, ", \\\n     "))
end

-- ---- forests ------------------------------------------------------------------------------------

local ROW = 20 -- pixels from one line to the next

--- The ends of a row's interval, which of them the bounds cut off first.
local function ends_of(panel, row)
  local lo, hi = table.unpack(bounds_of(panel), 1, 2)
  local cut_low, cut_high = cut(panel, row.low, row.high)
  return cut_low, cut_high, cut_low and lo or row.low, cut_high and hi or row.high
end

function kinds.forest.data(emit, panel, id)
  local rows, caps = { {}, {} }, {}
  for i, row in ipairs(panel.rows) do
    local cut_low, cut_high, low, high = ends_of(panel, row)
    local y = number(#panel.rows - i)
    table.insert(rows[row.open and 2 or 1], ("%s %s %s %s"):format(number(row.x), y, number(low),
      number(high - low)))
    if low < high and not cut_low then caps[#caps + 1] = ("%s %s"):format(number(low), y) end
    if low < high and not cut_high then caps[#caps + 1] = ("%s %s"):format(number(high), y) end
  end
  for i, list in ipairs { rows[1], rows[2], caps } do -- gnuplot wants a row
    block(emit, id .. ({ "_rows", "_open", "_caps" })[i], #list > 0 and list or { "NaN NaN NaN NaN" })
  end
end

--- Names stand to the left of the box, each in the line of its own. An upright line at 0 is for
--- differences only.
function kinds.forest.view(panel)
  local ends, names = { panel.differences and 0 or nil }, {}
  for i, row in ipairs(panel.rows) do
    local low, high = select(3, ends_of(panel, row))
    ends[#ends + 1], ends[#ends + 2] = low, high
    names[i] = { #panel.rows - i, row.label }
  end
  local lo, hi = axes.extent(panel.xrange, { ends }, 0.05, bounds_of(panel))
  local lines = math.max(3, #panel.rows) + (panel.head and 1 or 0)
  return { height = ROW * lines + 6, names = names, head = panel.head,
    x = { lo, hi, ticks = panel.xticks },
    y = { -0.5, #panel.rows - (panel.head and -0.8 or 0.2) } }
end

function kinds.forest.draw(emit, panel, id, box)
  if panel.differences then
    emit("set arrow from 0, graph 0 to 0, graph 1 nohead back lc rgb '#707070' lw 1 dt (3,3)")
  end
  emit("set border 1 lc rgb '#404040'")
  local colour, cap = select(3, axes.line "first"), 2.8 * (#panel.rows + (panel.head and 1.3 or 0.3)) / box.height
  emit("plot $%s_rows using 3:2:4:(0) with vectors nohead lc rgb '%s' lw 1.2 notitle, \\\n"
    .. "     $%s_rows using 1:2 with points pt 7 ps 0.7 lc rgb '%s' notitle, \\\n"
    .. "     $%s_open using 1:2 with points pt 6 ps 0.7 lc rgb '%s' notitle, \\\n"
    .. "     $%s_caps using 1:($2-%.3f):(0):(%.3f) with vectors nohead lc rgb '%s' lw 1.2 notitle", id,
    colour, id, colour, id, colour, id, cap, 2 * cap, colour)
end

-- ---- heat ---------------------------------------------------------------------------------------

local CELL, MOST = 24, 600 -- pixels of a row; of all rows of a map without numbers
local WIDTH, DOT = 720, 3 -- of a map at most; of an image's dot

--- How often each value stands in its row, and in its column: an image has a dot of three pixels at
--- least, since viewers blur what they enlarge. Nor does gnuplot draw one of a single column or row.
local function times(panel)
  local high = panel.high or panel.cells
  local width = panel.high and WIDTH or HEIGHT
  return math.max(1, math.ceil(width / panel.cells / DOT)),
    math.max(1, math.ceil(kinds.heat.view(panel).height / high / DOT))
end

local function map_rows(values, cells, high, across, up)
  local rows = {}
  for r = 0, high - 1 do
    local row = {}
    for c = 0, cells - 1 do
      local value = values[r * cells + c + 1]
      row[c + 1] = ((value == value and ("%.3g"):format(value) or "NaN") .. " "):rep(across)
    end
    local line = table.concat(row)
    for _ = 1, up do rows[#rows + 1] = line end
  end
  return rows
end

function kinds.heat.data(emit, panel, id)
  block(emit, id .. "_map", map_rows(panel.values, panel.cells, panel.high or panel.cells,
    times(panel)))
  -- contours are computed by gnuplot, once, into data of their own
  for c, contour in ipairs(panel.contours or {}) do
    block(emit, ("%s_field%d"):format(id, c), map_rows(contour.values, panel.cells, panel.cells, 1, 1))
    emit("set table $%s_line%d", id, c)
    emit("splot $%s_field%d matrix with lines", id, c)
    emit("unset table")
  end
end

--- How numbers of a map are shown: as many digits for all, three that count of the greatest.
local function shower(panel)
  local most = math.max(math.abs(panel.scale[1]), math.abs(panel.scale[2]), 1e-12)
  local digits = math.max(0, 2 - math.floor(math.log(most, 10)))
  return function(value)
    return panel.percent and format.fixed(100 * value, 1) or format.fixed(value, math.min(digits, 9))
  end
end

--- Ends and ticks of the colours: of network outputs and moves from -1 to 1, or of panel.scale.
local function bar_of(panel)
  if not panel.scale then
    return { -1, 1, ticks = { { -1, "−1" }, { 0, "0" }, { 1, "+1" } } }
  end
  local lo, hi = axes.extent(nil, { panel.scale }, 0, panel.percent and { 0, 1 })
  local ticks, show = axes.computed(lo, hi, nil, nil, 4), shower(panel)
  for _, tick in ipairs(ticks) do tick[2] = panel.percent and show(tick[1]) or tick[2] end
  return { lo, hi, ticks = ticks }
end

function kinds.heat.view(panel)
  local lo, hi = panel.range[1], panel.range[2]
  local up = (panel.high or panel.cells) * (hi - lo) / panel.cells
  local wanted = panel.high and CELL * panel.high or 0
  return { height = math.max(HEIGHT, panel.scale and wanted or math.min(wanted, MOST)),
    x = { lo, hi, ticks = panel.xticks }, y = { lo, lo + up, ticks = panel.yticks },
    square = not panel.high, cells = true, flat = panel.flat, bar = bar_of(panel) }
end

--- The values in their cells, if they can be read there.
local function write_values(panel, box)
  local wide, texts, widest, show = box.width / panel.cells, {}, 0, shower(panel)
  for i, value in ipairs(panel.values) do
    texts[i] = value == value and show(value) or false
    widest = math.max(widest, texts[i] and measure.width(texts[i], 1) or 0)
  end
  local size = math.min(13, (wide - 4) / widest)
  if size < 7.5 then return end
  for i, text in ipairs(texts) do
    if text then
      box.pen.words(text, box.left + ((i - 1) % panel.cells + 0.5) * wide,
        box.top + (1 - ((i - 1) // panel.cells + 0.5) / panel.high) * box.height, size)
    end
  end
end

function kinds.heat.draw(emit, panel, id, box)
  local lo, hi = panel.range[1], panel.range[2]
  --- Places of a matrix's numbers, so many to a cell: values are those of the cells' middles.
  local function places(across, up)
    local size = (hi - lo) / panel.cells
    return ("(%s+%s*($1+0.5)):(%s+%s*($2+0.5))"):format(number(lo), number(size / across), number(lo),
      number(size / up))
  end
  if panel.scale then -- every colour is light enough for black
    emit("set palette defined (0 '#86a5d8', 1 '#cdd5df', 2 '#fff0c4')")
    write_values(panel, box)
  else
    emit("set palette defined (-1 '#7f9fd0', 0 '#d4d4d0', 1 '#fff0c4')")
  end
  local parts = { ("$%s_map matrix using %s:3 with image notitle"):format(id, places(times(panel))) }
  for c, contour in ipairs(panel.contours or {}) do
    parts[#parts + 1] = ("$%s_line%d using %s with lines %s notitle"):format(id, c,
      places(1, 1), (axes.line(contour.style)))
  end
  if panel.mark then
    local c, r = panel.mark[1], panel.mark[2]
    emit("set object 1 rectangle from %d,%d to %d,%d front fs empty border lc rgb '#000000' lw 2.5",
      c - 1, r - 1, c, r)
  end
  emit("set border 15 lc rgb '#404040'")
  emit("plot " .. table.concat(parts, ", \\\n     "))
end

return kinds

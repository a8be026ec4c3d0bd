--- The kinds of panels (see plot.lua): each gives its data, draws itself into a box of pixels
--- { width, height, unit }, and some know how high they want to be.
local kinds = {}

local axes = require "pictures.axes"
local format = require "text.format"

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
function kinds.any_cut(panel)
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
function kinds.data_curves(emit, panel, id)
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

function kinds.draw_curves(emit, panel, id, box)
  local xs, ys = numbers_of(panel)
  local left, right = axes.extent(panel.xrange, xs, 0)
  axes.set(emit, "x", left, right, panel.xticks, box.width)
  axes.set(emit, "y", axes.extent(panel.yrange, ys, 0.04, bounds_of(panel)))
  local function titled(item)
    return item.title and "title " .. quote(item.title) or "notitle"
  end
  local parts = {}
  for s, series in ipairs(panel.series) do
    local line, point, colour = axes.line(series.style)
    if series.low then
      parts[#parts + 1] = ("$%s_%d %s ps 0.7 lc rgb '%s' lw 1 %s"):format(id, s, series.open
        and "using 1:2 with points pt " .. point - 1 or "with yerrorbars pt " .. point, colour,
        titled(series))
    else
      parts[#parts + 1] = ("$%s_%d with lines %s %s"):format(id, s, line, titled(series))
    end
  end
  local scale = panel.percent and 100 or 1
  for _, line in ipairs(panel.lines or {}) do
    parts[#parts + 1] = ("%s with lines %s %s"):format(number(scale * line.y),
      (axes.line(line.style or "guide")), titled(line))
  end
  emit("set border 3 lc rgb '#404040'")
  emit("set grid ytics lc rgb '#e4e4e4' lw 0.8 dt solid")
  emit("plot " .. table.concat(parts, ", \\\n     "))
end

-- ---- forests ------------------------------------------------------------------------------------

local ROW = 20 -- pixels from one line to the next

function kinds.height_forest(panel)
  return ROW * math.max(3, #panel.rows) + 6
end

--- The ends of a row's interval, which of them the bounds cut off first.
local function ends_of(panel, row)
  local lo, hi = table.unpack(bounds_of(panel), 1, 2)
  local cut_low, cut_high = cut(panel, row.low, row.high)
  return cut_low, cut_high, cut_low and lo or row.low, cut_high and hi or row.high
end

function kinds.data_forest(emit, panel, id)
  local rows, caps = {}, {}
  for i, row in ipairs(panel.rows) do
    local cut_low, cut_high, low, high = ends_of(panel, row)
    local y = number(#panel.rows - i)
    rows[i] = ("%s %s %s %s"):format(number(row.x), y, number(low), number(high - low))
    if low < high and not cut_low then caps[#caps + 1] = ("%s %s"):format(number(low), y) end
    if low < high and not cut_high then caps[#caps + 1] = ("%s %s"):format(number(high), y) end
  end
  block(emit, id .. "_rows", rows)
  block(emit, id .. "_caps", #caps > 0 and caps or { "NaN NaN" }) -- gnuplot wants a row
end

--- Names stand to the left of all intervals, each in the line of its own: the range has room for
--- them, and the axis itself goes no further than the quantity.
function kinds.draw_forest(emit, panel, id, box)
  local ends, longest = { 0 }, 0
  for i, row in ipairs(panel.rows) do
    ends[2 * i], ends[2 * i + 1] = select(3, ends_of(panel, row))
    longest = math.max(longest, utf8.len(row.label) or #row.label)
    emit("set label %d %s at graph 0.008, first %s left font '%s,%g' front", 10 + i,
      quote(row.label), number(#panel.rows - i), axes.FONT, 11 * box.unit)
  end
  local lo, hi = axes.extent(panel.xrange, { ends }, 0.05, bounds_of(panel))
  local share = math.min(0.5, 0.02 + longest * 7 / box.width)
  local words = 7.3 * (utf8.len(panel.xlabel or "") or 0) / box.width
  emit("set xlabel offset graph %.4f, char 0.3", math.max(0, math.min(share, 1 - words)) / 2)
  axes.set(emit, "x", lo, hi, panel.xticks, box.width * (1 - share))
  emit("set xrange [%s:%s]", number(lo - (hi - lo) * share / (1 - share)), number(hi))
  emit("set yrange [-0.5:%s]; unset ytics; unset border", number(#panel.rows - 0.2))
  emit("set arrow 1 from 0, graph 0 to 0, graph 1 nohead back lc rgb '#707070' lw 1 dt (3,3)")
  emit("set arrow 2 from %s, graph 0 to %s, graph 0 nohead front lc rgb '#404040' lw 1", number(lo),
    number(hi))
  local colour, cap = select(3, axes.line "first"), 2.8 * (#panel.rows + 0.3) / box.height
  emit("plot $%s_rows using 3:2:4:(0) with vectors nohead lc rgb '%s' lw 1.2 notitle, \\\n"
    .. "     $%s_rows using 1:2 with points pt 7 ps 0.7 lc rgb '%s' notitle, \\\n"
    .. "     $%s_caps using 1:($2-%.3f):(0):(%.3f) with vectors nohead lc rgb '%s' lw 1.2 notitle", id,
    colour, id, colour, id, cap, 2 * cap, colour)
  emit("unset arrow 1; unset arrow 2")
end

-- ---- heat ---------------------------------------------------------------------------------------

local function map_rows(values, cells, high)
  local rows = {}
  for r = 1, high or cells do
    local row = {}
    for c = 1, cells do
      local value = values[(r - 1) * cells + c]
      row[c] = value == value and ("%.3g"):format(value) or "NaN"
    end
    rows[r] = table.concat(row, " ")
  end
  return rows
end

function kinds.height_heat(panel)
  return panel.high and 24 * panel.high or 0
end

function kinds.data_heat(emit, panel, id)
  block(emit, id .. "_map", map_rows(panel.values, panel.cells, panel.high))
  -- contours are computed by gnuplot, once, into data of their own
  for c, contour in ipairs(panel.contours or {}) do
    block(emit, ("%s_field%d"):format(id, c), map_rows(contour.values, panel.cells))
    emit("set table $%s_line%d", id, c)
    emit("splot $%s_field%d matrix with lines", id, c)
    emit("unset table")
  end
end

--- Colours for network outputs and moves from -1 to 1, or for values from panel.scale[1] to [2],
--- which then stand in the cells too: every colour is light enough for black.
local function colours(emit, panel)
  if not panel.scale then
    emit("set cbrange [-1:1]")
    emit("set cbtics ('%s1' -1, '0' 0, '+1' 1) scale 0.5", "−")
    emit("set palette defined (-1 '#7f9fd0', 0 '#d4d4d0', 1 '#fff0c4')")
    return
  end
  local lo, hi = axes.extent(nil, { panel.scale }, 0)
  local list, step = axes.ticks(lo, hi, 4)
  local labels = axes.tick_labels(list, step)
  local most = math.max(math.abs(panel.scale[1]), math.abs(panel.scale[2]), 1e-12)
  local digits = math.max(0, 2 - math.floor(math.log(most, 10))) -- three that count, of the greatest
  local function show(value)
    return panel.percent and format.fixed(100 * value, 1) or format.fixed(value, math.min(digits, 9))
  end
  for i, x in ipairs(list) do
    labels[i] = quote(panel.percent and show(x) or labels[i]) .. " " .. number(x)
  end
  emit("set cbrange [%s:%s]", number(lo), number(hi))
  emit("set cbtics (%s) scale 0.5", table.concat(labels, ", "))
  emit("set palette defined (0 '#86a5d8', 1 '#cdd5df', 2 '#fff0c4')")
  for i, value in ipairs(panel.values) do
    if value == value then
      emit("set label %d %s at first %s, first %s center front", 10 + i, quote(show(value)),
        number((i - 1) % panel.cells + 0.5), number((i - 1) // panel.cells + 0.5))
    end
  end
end

function kinds.draw_heat(emit, panel, id, box)
  local lo, hi = panel.range[1], panel.range[2]
  local step = number((hi - lo) / panel.cells)
  -- values are those of the cells' middles
  local place = ("(%s+%s*($1+0.5)):(%s+%s*($2+0.5))"):format(number(lo), step, number(lo), step)
  axes.set(emit, "x", lo, hi, panel.xticks, panel.high and box.width or box.height)
  axes.set(emit, "y", lo, lo + (panel.high or panel.cells) * step, panel.yticks)
  if not panel.high then emit("set size square") end
  colours(emit, panel)
  emit("set cblabel %s offset 0.5", quote(panel.cblabel or ""))
  local parts = { ("$%s_map matrix using %s:3 with image notitle"):format(id, place) }
  for c, contour in ipairs(panel.contours or {}) do
    parts[#parts + 1] = ("$%s_line%d using %s with lines %s %s"):format(id, c, place,
      (axes.line(contour.style)),
      contour.title and "title " .. quote(contour.title) or "notitle")
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

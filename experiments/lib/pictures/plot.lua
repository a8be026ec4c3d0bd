--- Figures: a declaration becomes a gnuplot script, the script an SVG and a PNG of the same look.
---
---   { name = "figure1", columns = 2, panels = {
---       { kind = "heat", label = "A", title = "True boundary", values = {...}, cells = 80, ... },
---       { kind = "curves", label = "C", title = "Loss", xlabel = "iteration", ylabel = "loss",
---         series = { { x = {...}, y = {...}, title = "seed 3", style = "first" }, ... } } } }
---
--- Panels of all kinds:
---   label, title   above the panel          xlabel, ylabel   with the unit
---   xrange, yrange {lo, hi}; a missing end is taken from the data
---   left           room for long labels on the left, in pixels (78)
--- curves and points:
---   series         x and y are lists; style names one of `styles`; without a title a series is not
---                  in the legend, which stands below the panel. `low` and `high` (points) are the
---                  ends of a bar around each point
---   percent        y is a share and shown as per cent
---   xticks         {{position, text}, ...} instead of computed ones
---   lines          {{y = , style = }, ...} across the panel
--- heat:
---   values         cells*cells numbers (cells*high, if it is not square), row by row from the
---                  bottom; range = {lo, hi} of both axes
---   scale          {lo, hi} of the values; without it they are outputs or moves from -1 to 1
---   yticks         as xticks
---   contours       {{values = , style = , title = }, ...}: where a map of the same size is 0
---   mark           {column, row} of a cell that is framed, from 1
--- forest:
---   rows           {{label = , x = , low = , high = }, ...} from the top, intervals lying flat, with
---                  an upright line at 0
---   bounds         {lo, hi} that a value cannot leave: an interval that does ends there, without a cap
local plot = {}

local format = require "text.format"

--- Told apart in grey by lightness and dash, by colour-blind readers by hue (blue, orange).
plot.styles = {
  first = { colour = "#1b3a6b", width = 2.0, dash = "solid", point = 7 },
  second = { colour = "#e07b1a", width = 2.0, dash = "(9,5)", point = 9 },
  third = { colour = "#5fa6a0", width = 2.0, dash = "(2,4)", point = 5 },
  black = { colour = "#000000", width = 1.6, dash = "(7,5)", point = 7 },
  guide = { colour = "#707070", width = 1.0, dash = "(3,3)", point = 7 },
  faint = { colour = "#bcc3cd", width = 0.8, dash = "solid", point = 7 },
}

local FONT = "DejaVu Sans"
local WIDTH = 860 -- of a figure, whatever its columns
local PANEL = { height = 362, left = 78, right = 34, top = 44, bottom = 104 }
local POINTS_MAX = 1600 -- of a curve: more than a printed column has dots

-- ---- text and numbers -----------------------------------------------------------------------

--- Text for gnuplot: single quotes, in which only the quote itself is special. Terminals are
--- `noenhanced`, so that _ ^ { } @ & ~ stand for themselves.
function plot.quote(text)
  return "'" .. tostring(text):gsub("'", "''"):gsub("%c+", " ") .. "'"
end

local function finite(x)
  return x ~= nil and x == x and x ~= math.huge and x ~= -math.huge
end

--- Round numbers from lo to hi, about `wanted` of them.
function plot.ticks(lo, hi, wanted)
  local raw = (hi - lo) / (wanted or 5)
  local power = 10.0 ^ math.floor(math.log(raw, 10) + 1e-9)
  local step = 10 * power
  for _, factor in ipairs { 1, 2, 2.5, 5 } do
    if factor * power >= raw * 0.999 then
      step = factor * power
      break
    end
  end
  local list = {}
  for i = math.ceil(lo / step - 1e-6), math.floor(hi / step + 1e-6) do
    list[#list + 1] = i * step
  end
  return list, step
end

--- Labels of ticks with the same number of decimals, as many as the step needs.
function plot.tick_labels(list, step)
  local decimals = 0
  while decimals < 8 and math.abs(step * 10 ^ decimals % 1 - 0.5) < 0.499 do
    decimals = decimals + 1
  end
  local labels = {}
  for i, x in ipairs(list) do
    labels[i] = decimals == 0 and format.count(x) or format.fixed(x, decimals)
  end
  return labels
end

--- A curve in at most `most` points that still touches every peak and valley: of each stretch the
--- lowest and the highest point, in their order. Points that are not numbers are left out.
function plot.decimate(x, y, most)
  local xs, ys = {}, {}
  for i = 1, #x do
    if finite(x[i]) and finite(y[i]) then xs[#xs + 1], ys[#ys + 1] = x[i], y[i] end
  end
  most = most or POINTS_MAX
  if #xs <= most then return xs, ys end
  local outx, outy = { xs[1] }, { ys[1] }
  local inner, stretches = #xs - 2, (most - 2) // 2
  for s = 1, stretches do
    local from, to = 2 + inner * (s - 1) // stretches, 1 + inner * s // stretches
    local low, high = from, from
    for i = from, to do
      if ys[i] < ys[low] then low = i end
      if ys[i] > ys[high] then high = i end
    end
    for _, i in ipairs { math.min(low, high), low ~= high and math.max(low, high) or nil } do
      outx[#outx + 1], outy[#outy + 1] = xs[i], ys[i]
    end
  end
  outx[#outx + 1], outy[#outy + 1] = xs[#xs], ys[#ys]
  return outx, outy
end

-- ---- the script -----------------------------------------------------------------------------

local function writer()
  local lines = {}
  return lines, function(...)
    lines[#lines + 1] = select("#", ...) > 1 and string.format(...) or ...
  end
end

local function number(x)
  return ("%.9g"):format(x)
end

local function line_style(name)
  local style = plot.styles[name or "first"]
    or error(("plot: no style is named '%s'"):format(name), 0)
  return ("lc rgb '%s' lw %g dt %s"):format(style.colour, style.width, style.dash), style.point
end

local function extent(range, lists, pad)
  local lo, hi = math.huge, -math.huge
  for _, list in ipairs(lists) do
    for _, v in ipairs(list) do
      if finite(v) then lo, hi = math.min(lo, v), math.max(hi, v) end
    end
  end
  if lo > hi then lo, hi = 0, 1 end
  if lo == hi then lo, hi = lo - 0.5, hi + 0.5 end
  local room = pad * (hi - lo)
  lo, hi = lo - room, hi + room
  return range and range[1] or lo, range and range[2] or hi
end

local function axis(emit, name, lo, hi, given)
  local parts = {}
  if given then
    for i, tick in ipairs(given) do -- a label of a tick is a format: % stands for a number
      parts[i] = plot.quote((tick[2]:gsub("%%", "%%%%"))) .. " " .. number(tick[1])
    end
  else
    local list, step = plot.ticks(lo, hi)
    local labels = plot.tick_labels(list, step)
    for i, x in ipairs(list) do parts[i] = plot.quote(labels[i]) .. " " .. number(x) end
  end
  emit("set %srange [%s:%s]", name, number(lo), number(hi))
  emit("set %stics (%s)", name, table.concat(parts, ", "))
end

--- Named data in front of the plots: gnuplot's here-documents.
local function block(emit, name, rows)
  emit("$%s << EOD", name)
  for _, row in ipairs(rows) do emit(row) end
  emit("EOD")
end

local function curve_rows(series, scale, most)
  local rows = {}
  if series.low then
    for i = 1, #series.x do
      rows[i] = table.concat({ number(series.x[i]), number(scale * series.y[i]),
        number(scale * series.low[i]), number(scale * series.high[i]) }, " ")
    end
    return rows
  end
  local x, y = plot.decimate(series.x, series.y, most)
  for i = 1, #x do rows[i] = number(x[i]) .. " " .. number(scale * y[i]) end
  return rows
end

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

local kinds = {}

--- Curves and points share their axes. A series with `low` and `high` is drawn as points.
function kinds.data_curves(emit, panel, id)
  local scale = panel.percent and 100 or 1
  for s, series in ipairs(panel.series) do
    local most = series.style == "faint" and POINTS_MAX // 8 or POINTS_MAX
    local rows = curve_rows(series, scale, most)
    -- gnuplot wants at least one row; this one is not drawn
    block(emit, id .. "_" .. s, #rows > 0 and rows or { "NaN NaN NaN NaN" })
  end
end

function kinds.draw_curves(emit, panel, id)
  local scale = panel.percent and 100 or 1
  local xs, ys = {}, {}
  for _, series in ipairs(panel.series) do
    xs[#xs + 1] = series.x
    for _, column in ipairs { "y", "low", "high" } do
      local scaled = {}
      for i, y in ipairs(series[column] or {}) do scaled[i] = scale * y end
      ys[#ys + 1] = scaled
    end
  end
  local left, right = extent(panel.xrange, xs, 0)
  axis(emit, "x", left, right, panel.xticks)
  axis(emit, "y", extent(panel.yrange, ys, 0.04))
  local parts = {}
  for s, series in ipairs(panel.series) do
    local line, point = line_style(series.style)
    local title = series.title and "title " .. plot.quote(series.title) or "notitle"
    if series.low then
      local colour = plot.styles[series.style or "first"].colour
      parts[#parts + 1] = ("$%s_%d with yerrorbars pt %d ps 0.7 lc rgb '%s' lw 1 %s")
        :format(id, s, point, colour, title)
    else
      parts[#parts + 1] = ("$%s_%d with lines %s %s"):format(id, s, line, title)
    end
  end
  for _, line in ipairs(panel.lines or {}) do
    parts[#parts + 1] = ("%s with lines %s %s"):format(number(scale * line.y),
      (line_style(line.style or "guide")),
      line.title and "title " .. plot.quote(line.title) or "notitle")
  end
  emit("set border 3 lc rgb '#404040'")
  emit("set grid ytics lc rgb '#e4e4e4' lw 0.8 dt solid")
  emit("plot " .. table.concat(parts, ", \\\n     "))
end

--- The ends of a row's interval, and which of them the bounds cut off.
local function ends_of(panel, row)
  local lo, hi = table.unpack(panel.bounds or {})
  local low, high = math.max(row.low, lo or row.low), math.min(row.high, hi or row.high)
  return low, high, low > row.low, high < row.high
end

function kinds.data_forest(emit, panel, id)
  local rows, caps = {}, {}
  for i, row in ipairs(panel.rows) do
    local low, high, cut_low, cut_high = ends_of(panel, row)
    local y = number(#panel.rows - i)
    rows[i] = ("%s %s %s %s"):format(number(row.x), y, number(low), number(high - low))
    if not cut_low then caps[#caps + 1] = ("%s %s"):format(number(low), y) end
    if not cut_high then caps[#caps + 1] = ("%s %s"):format(number(high), y) end
  end
  block(emit, id .. "_rows", rows)
  block(emit, id .. "_caps", caps)
end

--- Names stand to the left of all intervals, each in the line of its own: the range has room for them.
function kinds.draw_forest(emit, panel, id, unit)
  local ends, longest = { 0 }, 0
  for i, row in ipairs(panel.rows) do
    ends[2 * i], ends[2 * i + 1] = ends_of(panel, row)
    longest = math.max(longest, utf8.len(row.label) or #row.label)
    emit("set label %d %s at graph 0.008, first %s left font '%s,%g' front", 10 + i,
      plot.quote(row.label), number(#panel.rows - i), FONT, 11 * unit)
  end
  local lo, hi = extent(panel.xrange, { ends }, 0.05)
  local share = math.min(0.5, 0.02 + longest * 7 / (WIDTH - PANEL.left - PANEL.right))
  axis(emit, "x", lo, hi)
  emit("set xrange [%s:%s]", number(lo - (hi - lo) * share / (1 - share)), number(hi))
  emit("set yrange [-0.5:%s]; unset ytics", number(#panel.rows - 0.2))
  emit("set border 1 lc rgb '#404040'")
  emit("set arrow 1 from 0, graph 0 to 0, graph 1 nohead back lc rgb '#707070' lw 1 dt (3,3)")
  local colour = plot.styles.first.colour
  emit("plot $%s_rows using 3:2:4:(0) with vectors nohead lc rgb '%s' lw 1.2 notitle, \\\n"
    .. "     $%s_rows using 1:2 with points pt 7 ps 0.7 lc rgb '%s' notitle, \\\n"
    .. "     $%s_caps using 1:($2-0.13):(0):(0.26) with vectors nohead lc rgb '%s' lw 1.2 notitle", id, colour,
    id, colour, id, colour)
  emit("unset arrow 1")
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
--- which then stand in the cells too.
local function colours(emit, panel)
  if not panel.scale then
    emit("set cbrange [-1:1]")
    emit("set cbtics ('%s1' -1, '0' 0, '+1' 1) scale 0.5", "−")
    emit("set palette defined (-1 '#7f9fd0', 0 '#d4d4d0', 1 '#fff0c4')")
    return
  end
  local lo, hi = extent(nil, { panel.scale }, 0)
  local list, step = plot.ticks(lo, hi, 4)
  local labels = plot.tick_labels(list, step)
  local most = math.max(math.abs(panel.scale[1]), math.abs(panel.scale[2]), 1e-12)
  local digits = math.max(0, 2 - math.floor(math.log(most, 10))) -- three that count, of the greatest
  local function show(value)
    return panel.percent and format.fixed(100 * value, 1) or format.fixed(value, math.min(digits, 9))
  end
  for i, x in ipairs(list) do
    labels[i] = plot.quote(panel.percent and show(x) or labels[i]) .. " " .. number(x)
  end
  emit("set cbrange [%s:%s]", number(lo), number(hi))
  emit("set cbtics (%s) scale 0.5", table.concat(labels, ", "))
  emit("set palette defined (0 '#86a5d8', 1 '#cdd5df', 2 '#fff0c4')")
  for i, value in ipairs(panel.values) do
    if value == value then
      emit("set label %d %s at first %s, first %s center front", 10 + i, plot.quote(show(value)),
        number((i - 1) % panel.cells + 0.5), number((i - 1) // panel.cells + 0.5))
    end
  end
end

function kinds.draw_heat(emit, panel, id)
  local lo, hi = panel.range[1], panel.range[2]
  local step = number((hi - lo) / panel.cells)
  -- values are those of the cells' middles
  local place = ("(%s+%s*($1+0.5)):(%s+%s*($2+0.5))"):format(number(lo), step, number(lo), step)
  axis(emit, "x", lo, hi, panel.xticks)
  axis(emit, "y", lo, lo + (panel.high or panel.cells) * step, panel.yticks)
  if not panel.high then emit("set size square") end
  colours(emit, panel)
  emit("set cblabel %s offset 0.5", plot.quote(panel.cblabel or ""))
  local parts = { ("$%s_map matrix using %s:3 with image notitle"):format(id, place) }
  for c, contour in ipairs(panel.contours or {}) do
    parts[#parts + 1] = ("$%s_line%d using %s with lines %s %s"):format(id, c, place,
      (line_style(contour.style)),
      contour.title and "title " .. plot.quote(contour.title) or "notitle")
  end
  if panel.mark then
    local c, r = panel.mark[1], panel.mark[2]
    emit("set object 1 rectangle from %d,%d to %d,%d front fs empty border lc rgb '#000000' lw 2.5",
      c - 1, r - 1, c, r)
  end
  emit("set border 15 lc rgb '#404040'")
  emit("plot " .. table.concat(parts, ", \\\n     "))
end

local function size(figure)
  local columns = figure.columns or 2
  local rows = (#figure.panels + columns - 1) // columns
  return columns, rows, WIDTH, rows * PANEL.height
end

--- The legend is one row; two if there are more entries than fit.
local function legend_rows(panel, columns)
  local entries = 0
  for _, list in ipairs { panel.series or {}, panel.contours or {}, panel.lines or {} } do
    for _, item in ipairs(list) do entries = entries + (item.title and 1 or 0) end
  end
  return entries > 4 // columns and 2 or 1
end

local function draw_panel(emit, panel, i, figure, unit)
  local columns, rows, width, height = size(figure)
  local column, row = (i - 1) % columns, (i - 1) // columns
  local panel_width = width / columns
  local x0, y0 = column * panel_width, (rows - 1 - row) * PANEL.height
  local heat = panel.kind == "heat"
  emit("reset")
  emit("set encoding utf8")
  emit("set lmargin at screen %.5f", (x0 + (panel.left or PANEL.left)) / width)
  local bar = panel.high and 96 or heat and 40 or 0 -- room for the colours' bar
  emit("set rmargin at screen %.5f", (x0 + panel_width - PANEL.right - bar) / width)
  emit("set bmargin at screen %.5f", (y0 + PANEL.bottom) / height)
  emit("set tmargin at screen %.5f", (y0 + PANEL.height - PANEL.top) / height)
  emit("set label 1 %s at graph 0, graph 1 offset 0,0.9 left font '%s:Bold,%g'",
    plot.quote(panel.label or ""), FONT, 15 * unit)
  emit("set label 2 %s at graph 0, graph 1 offset %g,0.9 left font '%s,%g'",
    plot.quote(panel.title or ""), panel.label and 2.6 or 0, FONT, 14 * unit)
  emit("set xlabel %s offset 0,0.3", plot.quote(panel.xlabel or ""))
  -- gnuplot takes long labels of ticks for longer than they are
  local closer = math.max(0, ((panel.left or PANEL.left) - PANEL.left) / 40)
  emit("set ylabel %s offset %g,0", plot.quote(panel.ylabel or ""), closer - 0.2)
  emit("set tics nomirror out scale 0.6 textcolor rgb '#202020'")
  emit("set key at graph 0.5, graph %.4f center top Left reverse samplen 3 width 1 maxrows %d",
    -58 / (PANEL.height - PANEL.top - PANEL.bottom), legend_rows(panel, columns))
  kinds["draw_" .. (panel.kind or "curves")](emit, panel, "p" .. i, unit)
end

--- The drawing alone; what stands before it chooses terminal and file. `unit` is the size of a
--- screen pixel in the terminal's unit of font size.
function plot.script(figure, unit)
  local lines, emit = writer()
  local contoured = false
  for i, panel in ipairs(figure.panels) do
    local heat = panel.kind == "heat"
    if heat and not contoured then
      emit("set contour base; unset surface; set cntrparam levels discrete 0; set view map")
      emit("unset key")
      contoured = true
    end
    kinds["data_" .. (panel.kind or "curves")](emit, panel, "p" .. i)
  end
  emit("set multiplot")
  for i, panel in ipairs(figure.panels) do draw_panel(emit, panel, i, figure, unit) end
  emit("unset multiplot")
  return table.concat(lines, "\n") .. "\n"
end

--- Terminal lines of the two formats. The PNG has two dots a pixel; its fonts count in points, of
--- which ten are thirteen pixels of the SVG.
function plot.terminal(figure, kind)
  local _, _, width, height = size(figure)
  if kind == "svg" then
    return ("set terminal svg noenhanced standalone size %d,%d font '%s,13' background '#ffffff' "
      .. "linewidth 1 dashlength 0.5\n"):format(width, height, FONT)
  end
  return ("set terminal pngcairo noenhanced size %d,%d font '%s,10' fontscale 2 linewidth 2 "
    .. "pointscale 2 background '#ffffff'\n"):format(2 * width, 2 * height, FONT)
end

--- gnuplot writes a bold font into an SVG as part of the family's name, which no viewer knows.
function plot.svg_fonts(svg)
  return (svg:gsub('font%-family="' .. FONT .. '(:?%a*)"', function(bold)
    return ('font-family="%s, Verdana, sans-serif"%s'):format(FONT,
      bold == ":Bold" and ' font-weight="bold"' or "")
  end))
end

--- What a whole drawing begins and ends with.
local whole = { svg = { "^<%?xml", "</svg>%s*$" }, png = { "^\x89PNG\r\n", "IEND....$" } }

--- A drawing, or nil and why there is none. gnuplot that says nothing may have drawn nothing.
local function draw(figure, kind, unit)
  local bytes, why = require("synlab").gnuplot(plot.terminal(figure, kind)
    .. plot.script(figure, unit))
  if not bytes then return nil, why end
  if not (bytes:find(whole[kind][1]) and bytes:find(whole[kind][2])) then
    return nil, ("gnuplot ended without an error, but what it drew is no whole %s"):format(
      kind:upper())
  end
  return kind == "svg" and plot.svg_fonts(bytes) or bytes
end

--- Where no font is found, pictures have no text, and neither gnuplot nor its libraries say so: then
--- two texts give the same picture. Tried once.
local function fonts_found()
  if plot.fonts == nil then
    local drawn = {}
    for i, text in ipairs { "il", "MW" } do
      drawn[i] = require("synlab").gnuplot(("set terminal pngcairo noenhanced size 60,30 font '%s,10'"
        .. "\nunset border\nunset tics\nset label 1 '%s' at screen 0.1,0.5\n"
        .. "plot [0:1][0:1] 2 notitle\n"):format(FONT, text))
    end
    plot.fonts = drawn[1] ~= drawn[2]
  end
  return plot.fonts
end

--- Draws a figure to OUT/figures/NAME.svg and .png. Where one of them cannot be drawn, it says so
--- and writes neither: the words why, for a page that goes on without it; nil if all is well.
function plot.render(figure)
  local synlab, drawn = require "synlab", {}
  local function without(why)
    why = why:gsub("%s+", " ")
    synlab.missing(("figure '%s' is missing: %s"):format(figure.name, why))
    return why
  end
  for kind, unit in pairs { svg = 1, png = 10 / 13 } do
    local bytes, why = draw(figure, kind, unit)
    if not bytes then return without(why) end
    drawn[kind] = bytes
  end
  if not fonts_found() then
    return without("no font is found, so it would have no text; `make deps` installs one "
      .. "(fonts-dejavu-core)")
  end
  for kind, bytes in pairs(drawn) do
    synlab.write(("figures/%s.%s"):format(figure.name, kind), bytes)
  end
end

return plot

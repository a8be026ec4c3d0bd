--- The kinds of panels (see plot.lua). Each has
---
---   view(panel)                           its axes and how high it wants to be, for frame.lua
---   data(emit, panel, id)                 its numbers, under names that begin with id
---   draw(emit, panel, id, box)            what is in its box, { width, height, pen, left, top } in pixels, with
---                                         `cap`, half a cap of an interval as a share of the figure
---   any_cut(panel)                        may be: does an interval go on beyond what can be?
---   legend(panel)                         may be: entries of the legend, see legend.lua
local kinds = { forest = require "pictures.forest", heat = require "pictures.heat", curves = {} }

local axes = require "pictures.axes"
local bounds = require "pictures.bounds"

local HEIGHT = 214 -- of a box, if nothing wants more
local BAND = 240 -- points of a band's edge

local number = axes.number
local curves = kinds.curves

curves.any_cut = bounds.any_cut

--- The place of x on the axis: powers of ten lie evenly on a log axis, which has no place for 0.
local function placing(panel)
  return panel.xlog and function(x) return x > 0 and math.log(x, 10) or 0 / 0 end
    or function(x) return x end
end

curves.placing = placing

local function curve_rows(series, place, scale, most)
  local rows, xs = {}, {}
  for i, x in ipairs(series.x) do xs[i] = place(x) end
  if series.low then
    local step = series.band and math.max(1, math.ceil(#xs / BAND)) or 1
    for i = 1, #xs do
      if i % step == 0 or i == 1 or i == #xs then
        rows[#rows + 1] = table.concat({ number(xs[i]), number(scale * series.y[i]),
          number(scale * series.low[i]), number(scale * series.high[i]) }, " ")
      end
    end
    return rows
  end
  local x, y = axes.decimate(xs, series.y, most)
  for i = 1, #x do rows[i] = number(x[i]) .. " " .. number(scale * y[i]) end
  return rows
end

--- Curves, bands and points share their axes. A series with `low` and `high` is drawn as points, or as
--- a band.
function curves.data(emit, panel, id)
  local scale, place = panel.percent and 100 or 1, placing(panel)
  for s, series in ipairs(panel.series) do
    local most = axes.POINTS_MAX // (series.style == "faint" and 8 or 1)
    local rows = curve_rows(series, place, scale, most)
    -- gnuplot wants at least one row; this one is not drawn
    axes.block(emit, id .. "_" .. s, #rows > 0 and rows or { "NaN NaN NaN NaN" })
  end
end

--- All numbers of a panel's series, by x and by y; the lines across it are among them.
local function numbers_of(panel)
  local scale, xs, ys, place = panel.percent and 100 or 1, {}, {}, placing(panel)
  local function add(list, values, map)
    local made = {}
    for i, value in ipairs(values or {}) do made[i] = map(value) end
    list[#list + 1] = made
  end
  for _, series in ipairs(panel.series) do
    add(xs, series.x, place)
    for _, column in ipairs { "y", "low", "high" } do
      add(ys, series[column], function(y) return scale * y end)
    end
  end
  for _, line in ipairs(panel.lines or {}) do ys[#ys + 1] = { scale * line.y } end
  return xs, ys
end

function curves.view(panel)
  local xs, ys = numbers_of(panel)
  local place, range = placing(panel), panel.xrange or {}
  local left, right = axes.extent({ range[1] and place(range[1]), range[2] and place(range[2]) }, xs, 0)
  local low, high = axes.extent(panel.yrange, ys, 0.04, bounds.of(panel))
  return { height = HEIGHT, flat = panel.xlog, xnote = panel.xlog and "log scale",
    x = { left, right, ticks = panel.xlog and axes.powers(left, right) or panel.xticks },
    y = { low, high } }
end

--- What draws a series: a band is filled, and has its edges and its middle.
local function drawn(series, name, box)
  local line, point, colour = axes.line(series.style)
  if series.band then
    return ("$%s using 1:3:4 with filledcurves fc rgb '%s' fs transparent solid 0.18 noborder notitle, "
      .. "$%s using 1:3 with lines %s lw 0.7 notitle, $%s using 1:4 with lines %s lw 0.7 notitle, "
      .. "$%s using 1:2 with lines %s notitle"):format(name, colour, name, line:gsub(" lw %S+", ""), name,
      line:gsub(" lw %S+", ""), name, line)
  elseif series.low then
    local points = ("$%s using 1:2 with points pt %d ps 0.7 lc rgb '%s' lw 1.2 notitle"):format(name,
      series.open and point - 1 or point, colour)
    -- no errorbars: gnuplot leaves a gap around their points, which hides short ones
    return series.open and points or ("$%s using 1:3:(0):($4-$3) with vectors heads size screen %.5f,90 "
      .. "fixed lc rgb '%s' lw 1.2 notitle, %s"):format(name, box.cap, colour, points)
  end
  return ("$%s with lines %s notitle"):format(name, line)
end

function curves.draw(emit, panel, id, box)
  local parts = {}
  for s, series in ipairs(panel.series) do parts[#parts + 1] = drawn(series, id .. "_" .. s, box) end
  local scale = panel.percent and 100 or 1
  for _, line in ipairs(panel.lines or {}) do
    parts[#parts + 1] = ("%s with lines %s notitle"):format(number(scale * line.y),
      (axes.line(line.style or "level")))
  end
  emit("set border 3 lc rgb '#404040'")
  emit("set grid ytics lc rgb '#e4e4e4' lw 0.8 dt solid")
  emit("plot " .. table.concat(parts, ", \\\n     "))
end

return kinds

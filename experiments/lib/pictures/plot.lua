--- Figures: a declaration becomes a gnuplot script, the script an SVG and a PNG of the same look.
---
---   { name = "figure1", columns = 2, panels = {
---       { kind = "heat", label = "A", title = "True boundary", values = {...}, cells = 80, ... },
---       { kind = "curves", label = "C", title = "Loss", xlabel = "iteration", ylabel = "loss",
---         series = { { x = {...}, y = {...}, title = "seed 3", style = "first" }, ... } } } }
---
--- Panels of all kinds:
---   label, title   above the panel          xlabel, ylabel   with the unit
---   notes          a list of what is said in brackets behind the title
---   bounds         {lo, hi} that the values cannot leave (0 to 100 where they are per cent), as they
---                  are shown: no axis does, and an interval that does ends there, without a cap
---   xrange, yrange {lo, hi}; a missing end is taken from the data
---   left           room for long labels on the left, in pixels (78)
--- curves and points:
---   series         x and y are lists; style names one of axes.styles; without a title a series is not
---                  in the legend, which stands below the panel. `low` and `high` (points) are the
---                  ends of a bar around each point; `open` points have none (see means.lua)
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
local plot = {}

local axes = require "pictures.axes"
local kinds = require "pictures.kinds"

local FONT, quote = axes.FONT, axes.quote
local WIDTH = 860 -- of a figure, whatever its columns
local PANEL = { height = 214, left = 78, right = 34, top = 44, bottom = 62, legend = 42 }

-- ---- the script ---------------------------------------------------------------------------------

local function writer()
  local lines = {}
  return lines, function(...)
    lines[#lines + 1] = select("#", ...) > 1 and string.format(...) or ...
  end
end

local function kind_of(panel)
  return panel.kind or "curves"
end

--- How many entries the legend has.
local function entries(panel)
  local n = 0
  for _, list in ipairs { panel.series or {}, panel.contours or {}, panel.lines or {} } do
    for _, item in ipairs(list) do n = n + (item.title and 1 or 0) end
  end
  return n
end

--- Where panels stand, in pixels: rows as high as their highest panel, with room for legends where
--- there are any.
local function layout(figure)
  local columns = figure.columns or 2
  local made = { columns = columns, width = WIDTH, height = 0 }
  for first = 1, #figure.panels, columns do
    local height, legend = 0, 0
    for i = first, math.min(first + columns - 1, #figure.panels) do
      local panel = figure.panels[i]
      local wants = kinds["height_" .. kind_of(panel)]
      height = math.max(height, kind_of(panel) == "forest" and 0 or PANEL.height,
        wants and wants(panel) or 0)
      legend = entries(panel) > 0 and PANEL.legend or legend
    end
    made[#made + 1] = { top = made.height + PANEL.top, height = height }
    made.height = made.height + PANEL.top + height + PANEL.bottom + legend
  end
  return made
end

--- The title with what is said behind it.
local function title_of(panel)
  local notes = table.move(panel.notes or {}, 1, #(panel.notes or {}), 1, {})
  if kinds.any_cut(panel) then notes[#notes + 1] = "no cap: the interval goes on" end
  return (panel.title or "") .. (#notes > 0 and (" (%s)"):format(table.concat(notes, "; ")) or "")
end

--- The box of a panel, which is drawn into, and its margins.
local function place(emit, panel, i, at)
  local row, column = at[(i - 1) // at.columns + 1], (i - 1) % at.columns
  local x0, heat = column * at.width / at.columns, kind_of(panel) == "heat"
  local bar = panel.high and 96 or heat and 40 or 0 -- room for the colours' bar
  local left = x0 + (panel.left or PANEL.left)
  local right = x0 + at.width / at.columns - PANEL.right - bar
  emit("set lmargin at screen %.5f", left / at.width)
  emit("set rmargin at screen %.5f", right / at.width)
  emit("set bmargin at screen %.5f", 1 - (row.top + row.height) / at.height)
  emit("set tmargin at screen %.5f", 1 - row.top / at.height)
  return { width = right - left, height = row.height }
end

local function draw_panel(emit, panel, i, at, unit)
  emit("reset")
  emit("set encoding utf8")
  local box = place(emit, panel, i, at)
  box.unit = unit
  emit("set label 1 %s at graph 0, graph 1 offset 0,0.9 left font '%s:Bold,%g'",
    quote(panel.label or ""), FONT, 15 * unit)
  emit("set label 2 %s at graph 0, graph 1 offset %g,0.9 left font '%s,%g'",
    quote(title_of(panel)), panel.label and 2.6 or 0, FONT, 14 * unit)
  emit("set xlabel %s offset 0,0.3", quote(panel.xlabel or ""))
  -- gnuplot takes long labels of ticks for longer than they are
  local closer = math.max(0, ((panel.left or PANEL.left) - PANEL.left) / 40)
  emit("set ylabel %s offset %g,0", quote(panel.ylabel or ""), closer - 0.2)
  emit("set tics nomirror out scale 0.6 textcolor rgb '#202020'")
  -- the legend is one row; two if there are more entries than fit
  emit("set key at graph 0.5, graph %.4f center top Left reverse samplen 3 width 1 maxrows %d",
    -58 / box.height, entries(panel) > 4 // at.columns and 2 or 1)
  kinds["draw_" .. kind_of(panel)](emit, panel, "p" .. i, box)
end

--- The drawing alone; what stands before it chooses terminal and file. `unit` is the size of a
--- screen pixel in the terminal's unit of font size.
function plot.script(figure, unit)
  local lines, emit = writer()
  local contoured, at = false, layout(figure)
  for i, panel in ipairs(figure.panels) do
    if kind_of(panel) == "heat" and not contoured then
      emit("set contour base; unset surface; set cntrparam levels discrete 0; set view map")
      emit("unset key")
      contoured = true
    end
    kinds["data_" .. kind_of(panel)](emit, panel, "p" .. i)
  end
  emit("set multiplot")
  for i, panel in ipairs(figure.panels) do draw_panel(emit, panel, i, at, unit) end
  emit("unset multiplot")
  return table.concat(lines, "\n") .. "\n"
end

--- Terminal lines of the two formats. The PNG has two dots a pixel; its fonts count in points, of
--- which ten are thirteen pixels of the SVG.
function plot.terminal(figure, kind)
  local at = layout(figure)
  if kind == "svg" then
    return ("set terminal svg noenhanced standalone size %d,%d font '%s,13' background '#ffffff' "
      .. "linewidth 1 dashlength 0.5\n"):format(at.width, at.height, FONT)
  end
  return ("set terminal pngcairo noenhanced size %d,%d font '%s,10' fontscale 2 linewidth 2 "
    .. "pointscale 2 background '#ffffff'\n"):format(2 * at.width, 2 * at.height, FONT)
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

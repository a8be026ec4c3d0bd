--- Figures: a declaration becomes a gnuplot script, the script an SVG and a PNG of the same look.
---
---   { name = "figure1", title = "Figure 1", alt = "What it shows.", columns = 2, panels = {
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
---   xticks         {{position, text}, ...} instead of computed ones; a text may be a list of lines
--- curves and points:
---   series         x and y are lists; style names one of palette.styles; without a title a series is not
---                  in the legend, which stands below the panel. `low` and `high` (points) are the
---                  ends of a bar around each point; `open` points have none (see means.lua)
---   runs           a series' records, for who asks which runs it shows (also of a row of a forest);
---                  runs_of instead: such a list for each of its points, or each cell of a map
---   through        a line through points that are another series
---   percent        y is a share and shown as per cent
---   band           `low` and `high` are the edges of a band around a curve (see means.band)
---   xlog           a panel's axis of x is logarithmic, and says so
---   lines          {{y = , style = }, ...} across the panel
--- heat:
---   values         cells*cells numbers (cells*high, if it is not square), row by row from the
---                  bottom; range = {lo, hi} of both axes
---   scale          {lo, hi} of the values; without it they are outputs or moves from -1 to 1
---   yticks         as xticks
---   flat           labels of x never stand upright
---   contours       {{values = , style = , title = }, ...}: where a map of the same size is 0
---   mark           {column, row} of a cell that is framed, from 1
--- forest:
---   rows           {{label = , x = , low = , high = , open = }, ...} from the top, intervals lying flat;
---                  an `open` point has none; inner = {low, high} is a thick interval within, said the
---                  text at the right (that of the numbers)
---   around, inner  what the intervals are, for the legend of a panel with inner ones or a margin
---   margin         {lo, hi, title = } of differences that are none; without `hi` on one side only
---   marked         what the `mark` of a row is, a number that it stands beside
---   head           what the labels are names of
---   differences    they are, so an upright line stands at 0, and a few great ones make the axis a
---                  symmetric log scale, which says so
local plot = {}

local axes = require "pictures.axes"
local fonts = require "pictures.fonts"
local format = require "text.format"
local frame = require "pictures.frame"
local kinds = require "pictures.kinds"
local marks = require "pictures.marks"
local measure = require "pictures.measure"
local new_pen = require("pictures.pen").new
local points = require "pictures.points"

local FONT = axes.FONT
local WIDTH, NARROW = 860, 430 -- of a figure, whatever its columns; of its form for narrow screens
local HIGHEST = 16000 -- more dots than twice that no PNG of Cairo can have

-- ---- the script ---------------------------------------------------------------------------------

local function writer()
  local lines = {}
  return lines, function(...)
    lines[#lines + 1] = select("#", ...) > 1 and string.format(...) or ...
  end
end

--- Frames of the panels, and where their rows stand: boxes below each other begin at one place, those
--- beside each other are as high as the highest of them.
local function layout(figure)
  local columns = figure.narrow and 1 or figure.columns or 2
  local width = figure.narrow and NARROW or WIDTH
  local made, lefts = { rows = {}, columns = columns, width = width, height = 0 }, {}
  for i, panel in ipairs(figure.panels) do
    local name, column = panel.kind or "curves", (i - 1) % columns
    made[i] = frame.new(panel, kinds[name]
      or error(("plot: no kind of panels is named '%s'"):format(name), 0), width / columns)
    lefts[column] = math.max(lefts[column] or 0, made[i].left)
  end
  for first = 1, #made, columns do
    local row = { top = made.height, above = 0, height = 0, below = 0 }
    for i = first, math.min(first + columns - 1, #made) do
      frame.fit(made[i], lefts[(i - 1) % columns])
      for _, part in ipairs { "above", "height", "below" } do
        row[part] = math.max(row[part], made[i][part])
      end
    end
    made.rows[#made.rows + 1] = row
    made.height = math.ceil(made.height + row.above + row.height + row.below)
  end
  return made
end

local function draw_panel(emit, i, at, unit)
  local one, row, column = at[i], at.rows[(i - 1) // at.columns + 1], (i - 1) % at.columns
  local pen = new_pen(emit, unit, at.width, at.height, column * at.width / at.columns, row.top)
  emit("reset")
  emit("set encoding utf8")
  emit("unset key")
  frame.draw(one, emit, pen, row.above, row.height)
  one.kind.draw(emit, one.panel, "p" .. i, { width = one.box, height = row.height, pen = pen,
    left = one.left, top = row.above, cap = 3.5 / at.width })
end

--- The drawing alone; what stands before it chooses terminal and file. `unit` is the size of a
--- screen pixel in the terminal's unit of font size. Second, the layout.
function plot.script(figure, unit)
  local lines, emit = writer()
  local contoured, at = false, layout(figure)
  for i, one in ipairs(at) do
    if one.kind == kinds.heat and not contoured then
      emit("set contour base; unset surface; set cntrparam levels discrete 0; set view map")
      emit("unset key")
      contoured = true
    end
    one.kind.data(emit, one.panel, "p" .. i)
  end
  emit("set multiplot")
  for i = 1, #at do draw_panel(emit, i, at, unit) end
  emit("unset multiplot")
  return table.concat(lines, "\n") .. "\n", at
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

local function xml(text)
  return (measure.clean(text):gsub("[&<>]", { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;" }))
end

--- gnuplot's words for a rectangle, of which a map has thousands, in a third of the letters.
local RECTANGLE = "<polygon fill = 'rgb%( *(%d+), *(%d+), *(%d+)%)' "
  .. "points = '([%d.]+),([%d.]+) ([%d.]+),%5 %6,([%d.]+) %4,%7 '/>"

--- An SVG as viewers want it: gnuplot writes a bold font as part of the family's name, which no viewer
--- knows, and its own names as titles, which viewers show.
function plot.tidy_svg(svg, title, alt)
  svg = svg:gsub('font%-family="' .. FONT .. '(:?%a*)"', function(bold)
    return ('font-family="%s, Verdana, sans-serif"%s'):format(FONT,
      bold == ":Bold" and ' font-weight="bold"' or "")
  end)
  svg = svg:gsub(RECTANGLE, function(r, g, b, left, bottom, right, top)
    return ("<path fill='#%02x%02x%02x' d='M%s,%sH%sV%sH%sz'/>"):format(r, g, b, left, bottom, right, top,
      left)
  end)
  svg = svg:gsub("<title>gnuplot_plot_%w+</title>", "")
  svg = svg:gsub("<title>Gnuplot</title>", function() return "<title>" .. xml(title or "") .. "</title>" end)
  return (svg:gsub("<desc>Produced by GNUPLOT[^<]*</desc>", function()
    return "<desc>" .. xml(alt or "") .. "</desc>"
  end))
end

--- What a whole drawing begins and ends with.
local whole = { svg = { "^<%?xml", "</svg>%s*$" }, png = { "^\x89PNG\r\n", "IEND....$" } }

local UNIT = { svg = 1, png = 10 / 13 }

--- A drawing of a kind, "svg" or "png", or nil and why there is none. gnuplot that says nothing may have
--- drawn nothing. An SVG keeps letters that no font here has: its reader may have one.
function plot.draw(figure, kind)
  local height = layout(figure).height
  if height > HIGHEST then
    return nil, ("it would be %s pixels high, and a picture has at most %s; let it have fewer rows"):format(
      format.count(height), format.count(HIGHEST))
  end
  local script, at = plot.script(figure, UNIT[kind])
  if kind == "png" then
    local lacking
    script, lacking = fonts.without_missing(script)
    if lacking then
      require("synlab").say(("figure '%s': no font here has %s; its PNG shows □ for them"):format(
        figure.name, lacking))
    end
  end
  local bytes, why = require("synlab").gnuplot(plot.terminal(figure, kind) .. script)
  if not bytes then return nil, why end
  if not (bytes:find(whole[kind][1]) and bytes:find(whole[kind][2])) then
    return nil, ("gnuplot ended without an error, but what it drew is no whole %s"):format(
      kind:upper())
  end
  return kind == "svg" and marks.add(plot.tidy_svg(bytes, figure.title, figure.alt), at, script) or bytes
end

--- The files of a figure: NAME.svg and .png, and NAME.narrow.svg, its panels below each other; then NAME.csv,
--- the data.
plot.forms = { svg = { "svg" }, png = { "png" }, ["narrow.svg"] = { "svg", narrow = true } }

--- Draws a figure to OUT/figures. Where one of its files cannot be drawn, it says so and writes none:
--- the words why, for a page that goes on without it; nil if all is well.
function plot.render(figure)
  local synlab, drawn = require "synlab", {}
  local function without(why)
    why = why:gsub("%s+", " ")
    synlab.missing(("figure '%s' is missing: %s"):format(figure.name, why))
    return why
  end
  for ending, form in pairs(plot.forms) do
    local bytes, why = plot.draw(setmetatable({ narrow = form.narrow }, { __index = figure }), form[1])
    if not bytes then return without(why) end
    drawn[ending] = bytes
  end
  if not fonts.found() then
    return without("no font is found, so it would have no text; `make deps` installs one "
      .. "(fonts-dejavu-core)")
  end
  drawn.csv = points.csv(figure)
  for ending, bytes in pairs(drawn) do
    synlab.write(("figures/%s.%s"):format(figure.name, ending), bytes)
  end
end

return plot

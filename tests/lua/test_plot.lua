local check, plot = require "check", require "pictures.plot"
local axes, palette = require "pictures.axes", require "pictures.palette"
local test, same = check.test, check.same

test("axes.quote: gnuplot's own quote is doubled, control characters go", function()
  same(axes.quote "it's", "'it''s'")
  same(axes.quote "a\nset output 'x'", "'a set output ''x'''")
  same(axes.quote "\\alpha_s {x} @y `date`", "'\\alpha_s {x} @y `date`'")
end)

test("axes.ticks are round and inside", function()
  same(axes.ticks(0, 10000), { 0.0, 2000.0, 4000.0, 6000.0, 8000.0, 10000.0 })
  same(axes.ticks(-10, 10), { -10.0, -5.0, 0.0, 5.0, 10.0 })
  for _, x in ipairs(axes.ticks(0.0037, 0.0291)) do
    if x < 0.0037 or x > 0.0291 then error(x) end
  end
end)

test("axes.tick_labels have the decimals of the step", function()
  same(axes.tick_labels({ 0, 2000, 10000 }, 2000), { "0", "2,000", "10,000" })
  same(axes.tick_labels({ 0, 0.01 }, 0.01), { "0.00", "0.01" })
  same(axes.tick_labels({ 0, 2.5 }, 2.5), { "0.0", "2.5" })
  same(axes.tick_labels({ -5, 0 }, 5), { "−5", "0" })
end)

test("axes.decimate keeps ends, the highest and the lowest point, and the order", function()
  local x, y = {}, {}
  for i = 1, 10000 do x[i], y[i] = i, math.sin(i / 500) end
  y[4711], y[7001] = 9, -9
  local dx, dy = axes.decimate(x, y, 200)
  if #dx > 200 then error(#dx) end
  same(dx[1], 1)
  same(dx[#dx], 10000)
  local seen = {}
  for i = 1, #dx do
    seen[dy[i]] = dx[i]
    if i > 1 and dx[i] <= dx[i - 1] then error("out of order at " .. i) end
  end
  same(seen[9], 4711)
  same(seen[-9], 7001)
end)

test("axes.decimate leaves out what was not measured, and short curves as they are", function()
  local x, y = axes.decimate({ 1, 2, 3 }, { 5, 0 / 0, 6 }, 100)
  same(x, { 1, 3 })
  same(y, { 5, 6 })
end)

local function panel(changes)
  local p = { kind = "curves", label = "A", title = "Loss", xlabel = "iteration", ylabel = "loss",
    series = { { x = { 0, 1000 }, y = { 1, 0.5 }, title = "it's one" } } }
  for key, value in pairs(changes or {}) do p[key] = value end
  return { name = "x", panels = { p } }
end

test("curves: a line across the panel lies within its axis, a given end stays", function()
  local function ends(changes)
    return table.unpack(require("pictures.kinds").curves.view(panel(changes).panels[1]).y, 1, 2)
  end
  local low, high = ends { lines = { { y = 3 }, { y = -2 } } }
  same({ low <= -2, high >= 3 }, { true, true })
  same(select(2, ends { lines = { { y = 3 } }, yrange = { 0, 1 } }), 1)
  same(select(2, ends { lines = { { y = 0.9 } }, percent = true }) <= 100, true)
end)

test("forest: a margin on one side goes on to the edge, marks have their place and a legend", function()
  local script = plot.script({ name = "x", panels = { { kind = "forest", title = "B", xlabel = "points",
    differences = true, margin = { -2, title = "behind" }, marked = "published",
    rows = { { label = "a", x = 0, low = -1, high = 1, mark = -1.5 }, { label = "b", x = 0, low = -1, high = 1 } } } } }, 1)
  check.contains(script, "set object rectangle from -2, graph 0 to graph 1, graph 1")
  check.contains(script, "$p1_marked << EOD\n-1.5 1\nEOD")
  check.contains(script, "'published'")
end)

test("plot.script: titles quoted, thousands separated, shares as per cent", function()
  local script = plot.script(panel(), 1)
  check.contains(script, "set label 'it''s one' at")
  check.contains(script, "set label '1,000' at")
  check.contains(plot.script(panel { percent = true }, 1), "\n1000 50\n")
end)

test("plot.script: an unknown style is an error", function()
  check.fails("no style is named 'purple'", plot.script,
    panel { series = { { x = { 1 }, y = { 1 }, style = "purple" } } }, 1)
end)

test("plot.script draws a series without one measured point", function()
  check.contains(plot.script(panel { series = { { x = { 1 }, y = { 0 / 0 } } } }, 1), "NaN NaN")
end)

test("plot.tidy_svg: bold is an attribute, not a family, and titles are the figure's", function()
  same(plot.tidy_svg 'font-family="DejaVu Sans:Bold" x',
    'font-family="DejaVu Sans, Verdana, sans-serif" font-weight="bold" x')
  same(plot.tidy_svg 'font-family="DejaVu Sans" x',
    'font-family="DejaVu Sans, Verdana, sans-serif" x')
  same(plot.tidy_svg("<title>Gnuplot</title>\n<desc>Produced by GNUPLOT 5.4 patchlevel 4 </desc>"
    .. '<g id="gnuplot_plot_1a" ><title>gnuplot_plot_1a</title>', "A < B %1", "It falls & ends."),
    "<title>A &lt; B %1</title>\n<desc>It falls &amp; ends.</desc>" .. '<g id="gnuplot_plot_1a" >')
end)

test("palette: contrast is WCAG's", function()
  same(palette.contrast("#000000", "#ffffff"), 21.0)
  same(("%.2f"):format(palette.contrast("#777777", "#ffffff")), "4.48")
  same(palette.at({ "#000000", "#808080", "#ffffff" }, 0.25), "#404040")
end)

test("palette: lines and marks have 3:1 against white, those over maps against every colour of these", function()
  for name, style in pairs(palette.styles) do
    local contrast = palette.contrast(style.colour, "#ffffff")
    if contrast < 3 then error(("%s has %.2f:1"):format(name, contrast)) end
  end
  for share = 0, 1, 0.02 do
    local colour = palette.at(palette.maps.light, share)
    for _, name in ipairs { "learned", "black" } do
      if palette.contrast(palette.styles[name].colour, colour) < 3 then error(name .. " on " .. colour) end
    end
  end
end)

test("palette: what is written in any cell has 4.5:1, and maps are lighter from end to end", function()
  for name, map in pairs(palette.maps) do
    local before = 0
    for share = 0, 1, 0.005 do
      local colour = palette.at(map, share)
      local letters = palette.letters_on(colour) == "black" and "#000000" or "#ffffff"
      if palette.contrast(letters, colour) < 4.5 then error(name .. ": " .. colour) end
      if palette.luminance(colour) < before - 0.005 then error(name .. " gets darker at " .. share) end
      before = palette.luminance(colour)
    end
  end
end)

test("palette: styles are told apart in grey: by dash, or by lightness", function()
  local names = { "first", "second", "third", "level", "faint" }
  for i, a in ipairs(names) do
    for k = i + 1, #names do
      local x, y = palette.styles[a], palette.styles[names[k]]
      if x.dash == y.dash and palette.contrast(x.colour, y.colour) < 3 then error(a .. " and " .. names[k]) end
    end
  end
end)

test("figures 1 and 2: the other seeds and the line to reach differ in colour, dash and name", function()
  local panel
  local function run(seed, accuracy)
    return { status = "ended", spec = { seed = seed, point_range = 10 }, train = { accuracy = accuracy },
      map = { cells = 2, target = { 1, 1, -1, -1 }, learned = { 1, 1, -1, -1 } },
      curve = { iteration = { 0, 10 }, loss = { 1, 0.5 }, accuracy = { 0.5, accuracy } } }
  end
  panel = require("setups.boundary").panels({ run(1, 0.9), run(2, 0.95), run(3, 1) }, 0.95)[4]
  local entries, seen = require("pictures.legend").entries(panel), {}
  same(#entries, 3)
  for _, entry in ipairs(entries) do
    local style = palette.styles[entry.style]
    for _, look in ipairs { style.colour, entry.title, style.dash .. style.width } do
      if seen[look] then error(look .. " stands for two") end
      seen[look] = true
    end
  end
  if palette.styles[entries[1].style].dash == palette.styles[entries[3].style].dash then error "one dash" end
end)

test("means.band: median and quartiles, a run that ended earlier keeps its last value", function()
  local band = require("pictures.means").band({ { x = { 0, 10, 20 }, y = { 0, 1, 2 } },
    { x = { 0, 20 }, y = { 0, 4 } }, { x = { 0, 10 }, y = { 0, 9 } } }, "first", "ours")
  same({ band.x, band.y, band.title }, { { 0, 10, 20 }, { 0, 2.0, 4 },
    "ours, median and quartiles of 3 seeds" })
  same({ band.low[2], band.high[2] }, { 1.5, 5.5 })
end)

test("axes.powers: a log axis has its digits, too", function()
  local function labels(lo, hi)
    local list = {}
    for _, tick in ipairs(axes.powers(lo, hi)) do
      if type(tick[2]) == "string" then list[#list + 1] = tick[2] end
    end
    return table.concat(list, " "), #axes.powers(lo, hi)
  end
  same({ labels(-2, 2) }, { "0.01 0.1 1 10 100", 37 })
  same({ labels(5, 7) }, { "100,000 1 million 10 million", 19 })
  same((labels(2, 2.8)), "100 200 500")
end)

test("plot: names of a forest stand left of its box, and a line at 0 where there are differences", function()
  local function forest(differences)
    return plot.script({ name = "x", columns = 1, panels = { { kind = "forest", title = "T",
      differences = differences, rows = { { label = "a name of some length", x = 7, low = 6,
        high = 8 } } } } }, 1)
  end
  local script = forest(true)
  local at = tonumber(script:match "'a name of some length' at screen ([%d.]+), screen [%d.]+ left")
  local box = tonumber(script:match "set lmargin at screen ([%d.]+)")
  if not (at < 0.02 and box > at + 0.13 and box < at + 0.25) then
    error(("the name stands at %g, the box at %g"):format(at, box))
  end
  check.contains(script, "set arrow from 0, graph 0 to 0, graph 1")
  if forest(false):find("graph 1", 1, true) then error "means have a line at 0" end
  same(tonumber(script:match "set xrange %[([^:]+)"), 0 - 0.05 * 8)
  same(tonumber(forest(false):match "set xrange %[([^:]+)"), 6 - 0.05 * 2)
  check.contains(script, "$p1_rows << EOD\n7 0 6 2\nEOD")
end)

--- Ranges of the axes of a script, by their names.
local function ranges(script)
  local list = {}
  for name, lo, hi in script:gmatch "set ([xy])range %[([^:]+):([^%]]+)%]" do
    list[name] = { tonumber(lo), tonumber(hi) }
  end
  return list
end

test("plot: no axis goes on where its quantity ends, and a cut interval has no cap", function()
  local function forest(high)
    return plot.script({ name = "x", columns = 1, panels = { { kind = "forest", title = "T",
      bounds = { -100, 100 }, rows = { { label = "a", x = 10, low = -50, high = high } } } } }, 1)
  end
  same(ranges(forest(120)).x[2], 100)
  check.contains(forest(120), "no cap: the interval goes on")
  check.contains(forest(120), "$p1_caps << EOD\n-50 0\nEOD")
  check.contains(forest(100), "$p1_caps << EOD\n-50 0\n100 0\nEOD")
  if forest(100):find "no cap" then error "a whole interval is called cut" end
  local points = { x = { 1, 2 }, y = { 0.99, 0.02 }, low = { 0.9, -0.2 }, high = { 1.08, 0.24 } }
  local script = plot.script(panel { percent = true, series = { points } }, 1)
  same(ranges(script).y, { 0, 100 })
  check.contains(script, "'Loss (no cap: the interval goes on)'")
  same(ranges(plot.script(panel { percent = true, series = { { x = { 1, 2 }, y = { 0.5, 0.999 } } } },
    1)).y[2], 100)
end)

test("plot: ticks are as many as stand beside each other", function()
  local long = { { x = { 0, 500000 }, y = { 1, 2 } } }
  local wide = plot.script({ name = "x", columns = 1, panels = panel { series = long }.panels }, 1)
  check.contains(wide, "set xtics ('' 0, '' 100000, '' 200000, ")
  check.contains(wide, "set label '100,000' at")
  check.contains(plot.script(panel { series = long }, 1), "set xtics ('' 0, '' 200000, '' 400000)")
end)

test("plot: cells of a heat map have equally many digits and a framed one", function()
  local script = plot.script({ name = "x", columns = 1, panels = { { kind = "heat", title = "T",
    values = { 0.12, 0.122, 0.1, 0.5 }, cells = 2, high = 2, range = { 0, 2 }, scale = { 0.1, 0.5 },
    mark = { 2, 1 }, notes = { "framed: the reference", "less is better" } } } }, 1)
  for _, number in ipairs { "0.120", "0.122", "0.100", "0.500" } do
    check.contains(script, "set label '" .. number .. "' at")
  end
  check.contains(script, "rectangle from 1,0 to 2,1")
  check.contains(script, "'T (framed: the reference; less is better)'")
end)

test("plot: a figure is as high as what stands in it", function()
  local function height(figure)
    return tonumber(plot.terminal(figure, "svg"):match "size 860,(%d+)")
  end
  local rows = {}
  for i = 1, 40 do rows[i] = { label = "a", x = 0, low = -i, high = i } end
  local forest = { name = "x", columns = 1, panels = { { kind = "forest", title = "T", rows = rows } } }
  if height(forest) < 40 * 20 then error(height(forest)) end
  if height(panel { series = { { x = { 1 }, y = { 1 } } } }) >= height(panel()) then
    error "a legend that is not there takes room"
  end
end)

test("plot: a point of one seed is open in a forest, too, and equal values have an axis", function()
  local script = plot.script({ name = "x", columns = 1, panels = { { kind = "forest", title = "T",
    rows = { { label = "a", x = 7, low = 7, high = 7, open = true } } } } }, 1)
  check.contains(script, "$p1_open << EOD\n7 0 7 0\nEOD")
  check.contains(script, "$p1_open using 1:2 with points pt 6")
  same(ranges(script).x, { 7 - 0.385, 7 + 0.385 })
  script = plot.script({ name = "x", columns = 1, panels = { { kind = "heat", title = "T", percent = true,
    values = { 1 }, cells = 1, high = 1, range = { 0, 1 }, scale = { 1, 1 } } } }, 1)
  check.contains(script, "set cbrange [0.95:1]")
end)

test("means: a point of one seed stands open, under a name of its own", function()
  local list = require("pictures.means").series({ { x = 1, y = 2, low = 1, high = 3, n = 4 },
    { x = 2, y = 3, low = 3, high = 3, n = 1 } }, "first", "range")
  same({ list[1].title, list[1].x, list[2].title, list[2].x, list[2].open },
    { "mean over seeds, range", { 1 }, "1 seed, no range", { 2 }, true })
  check.contains(plot.script(panel { series = list }, 1), "using 1:2 with points pt 6 ")
end)

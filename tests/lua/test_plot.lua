local check, plot = require "check", require "pictures.plot"
local test, same = check.test, check.same

test("plot.quote: gnuplot's own quote is doubled, control characters go", function()
  same(plot.quote "it's", "'it''s'")
  same(plot.quote "a\nset output 'x'", "'a set output ''x'''")
  same(plot.quote "\\alpha_s {x} @y `date`", "'\\alpha_s {x} @y `date`'")
end)

test("plot.ticks are round and inside", function()
  same(plot.ticks(0, 10000), { 0.0, 2000.0, 4000.0, 6000.0, 8000.0, 10000.0 })
  same(plot.ticks(-10, 10), { -10.0, -5.0, 0.0, 5.0, 10.0 })
  for _, x in ipairs(plot.ticks(0.0037, 0.0291)) do
    if x < 0.0037 or x > 0.0291 then error(x) end
  end
end)

test("plot.tick_labels have the decimals of the step", function()
  same(plot.tick_labels({ 0, 2000, 10000 }, 2000), { "0", "2,000", "10,000" })
  same(plot.tick_labels({ 0, 0.01 }, 0.01), { "0.00", "0.01" })
  same(plot.tick_labels({ 0, 2.5 }, 2.5), { "0.0", "2.5" })
  same(plot.tick_labels({ -5, 0 }, 5), { "−5", "0" })
end)

test("plot.decimate keeps ends, the highest and the lowest point, and the order", function()
  local x, y = {}, {}
  for i = 1, 10000 do x[i], y[i] = i, math.sin(i / 500) end
  y[4711], y[7001] = 9, -9
  local dx, dy = plot.decimate(x, y, 200)
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

test("plot.decimate leaves out what was not measured, and short curves as they are", function()
  local x, y = plot.decimate({ 1, 2, 3 }, { 5, 0 / 0, 6 }, 100)
  same(x, { 1, 3 })
  same(y, { 5, 6 })
end)

local function panel(changes)
  local p = { kind = "curves", label = "A", title = "Loss", xlabel = "iteration", ylabel = "loss",
    series = { { x = { 0, 1000 }, y = { 1, 0.5 }, title = "it's one" } } }
  for key, value in pairs(changes or {}) do p[key] = value end
  return { name = "x", panels = { p } }
end

test("plot.script: titles quoted, thousands separated, shares as per cent", function()
  local script = plot.script(panel(), 1)
  check.contains(script, "title 'it''s one'")
  check.contains(script, "'1,000' 1000")
  check.contains(plot.script(panel { percent = true }, 1), "\n1000 50\n")
end)

test("plot.script: an unknown style is an error", function()
  check.fails("no style is named 'purple'", plot.script,
    panel { series = { { x = { 1 }, y = { 1 }, style = "purple" } } }, 1)
end)

test("plot.script draws a series without one measured point", function()
  check.contains(plot.script(panel { series = { { x = { 1 }, y = { 0 / 0 } } } }, 1), "NaN NaN")
end)

test("plot.svg_fonts: bold is an attribute, not a family", function()
  same(plot.svg_fonts 'font-family="DejaVu Sans:Bold" x',
    'font-family="DejaVu Sans, Verdana, sans-serif" font-weight="bold" x')
  same(plot.svg_fonts 'font-family="DejaVu Sans" x',
    'font-family="DejaVu Sans, Verdana, sans-serif" x')
end)

test("plot: names of a forest stand in their own line, left of all intervals", function()
  local script = plot.script({ name = "x", panels = { { kind = "forest", title = "T", xlabel = "x",
    rows = { { label = "a name of some length", x = 0, low = -1, high = 1 } } } } }, 1)
  local lo, hi = script:match "set xrange %[([^:]+):([^%]]+)%]%s*\nset yrange"
  local share = (-1.1 - lo) / (hi - lo) -- of the width, before the lowest interval begins
  if not (share > 0.19 and share < 0.3) then error("the room for names is " .. share) end
  check.contains(script, "'a name of some length' at graph 0.008, first 0 left")
end)

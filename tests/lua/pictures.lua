-- Figures as gnuplot draws them: whatever names and numbers they have, all words are within the canvas,
-- none is over another, and none is left out.
--
--   synlab run tests/lua/pictures.lua
local here = debug.getinfo(1, "S").source:match("^@(.*)[/\\]") or "."
package.path = table.concat({ here .. "/?.lua", here .. "/../../experiments/lib/?.lua",
  package.path }, ";")
local check, plot, svg = require "check", require "pictures.plot", require "svg"
local test = check.test

--- The SVG of a figure of these panels, with nothing wrong in it, nor in its form for narrow screens.
local function drawn(columns, ...)
  local panels, bytes, why = { ... }, nil, nil
  for _, narrow in ipairs { true, false } do
    bytes, why = plot.draw({ name = "x", columns = columns, panels = panels, narrow = narrow }, "svg")
    if not bytes then error(why, 2) end
    local faults = svg.faults(bytes)
    if #faults > 0 then error(table.concat(faults, "\n  ", 1, math.min(#faults, 5)), 2) end
  end
  return bytes
end

--- A word that begins so is in the drawing.
local function begins(bytes, start)
  for _, word in ipairs((svg.words(bytes))) do
    if word.text:sub(1, #start) == start then return end
  end
  error(("no word begins with '%s'"):format(start), 2)
end

--- A name of so many letters that begins with its number.
local function name(i, letters)
  local text = i .. "." .. (" of some option with a name"):rep(letters // 20 + 1)
  return text:sub(1, letters)
end

local function curves(changes)
  local panel = { kind = "curves", label = "A", title = "Loss", xlabel = "iteration", ylabel = "loss",
    series = { { x = { 0, 10000 }, y = { 1, 0.5 }, title = "one" } } }
  for key, value in pairs(changes or {}) do panel[key] = value end
  return panel
end

local function heat(columns, rows, of, changes)
  local panel = { kind = "heat", title = "Map", cells = columns, high = rows, range = { 0, columns },
    values = {}, scale = { 0.1, 0.9 }, xticks = {}, yticks = {}, xlabel = "first option",
    ylabel = "second option", cblabel = "training accuracy (%)", percent = true }
  for i = 1, columns * rows do panel.values[i] = 0.1 + 0.8 * i / (columns * rows) end
  for i = 1, columns do panel.xticks[i] = { i - 0.5, of(i) } end
  for i = 1, rows do panel.yticks[i] = { i - 0.5, of(i) } end
  for key, value in pairs(changes or {}) do panel[key] = value end
  return panel
end

local STYLES = { "first", "second", "third", "black" }

for _, letters in ipairs { 4, 30, 70, 300 } do
  for _, n in ipairs { 1, 2, 4, 5, 12 } do
    test(("a legend of %d names of %d letters"):format(n, letters), function()
      for columns = 1, 2 do
        local series = {}
        for i = 1, n do
          series[i] = { x = { 0, 1 }, y = { i, i }, title = name(i, letters), style = STYLES[i % 4 + 1] }
          if i % 3 == 2 then series[i].low, series[i].high = { 0, 0 }, { i + 1, i + 1 } end
        end
        local bytes = drawn(columns, curves { series = series,
          lines = { { y = 1, title = "the line" } } })
        for i = 1, n do begins(bytes, i .. ".") end
        begins(bytes, "the line")
      end
    end)
  end
end

test("a legend's samples are those of the series", function()
  local bytes = drawn(1, curves { series = { { x = { 0, 1 }, y = { 1, 2 }, title = "a", style = "second" },
    { x = {}, y = {}, title = "b: failed", style = "third" } } })
  begins(bytes, "b: failed")
  local styles = require("pictures.palette").styles
  local function times(style)
    local r, g, b = styles[style].colour:match "#(..)(..)(..)"
    return select(2, bytes:gsub(("rgb%%(%3d, %3d, %3d%%)"):format(tonumber(r, 16), tonumber(g, 16),
      tonumber(b, 16)), ""))
  end
  local orange, teal = times "second", times "third"
  if orange < 2 or teal < 1 then error(("%d and %d lines"):format(orange, teal)) end
end)

test("a map's legend", function()
  local values = {}
  for i = 1, 100 do values[i] = (i % 10 - 4.5) / 5 end
  local panel = { kind = "heat", title = "T", values = values, cells = 10, range = { -10, 10 },
    xlabel = "x", ylabel = "y", cblabel = "network output", contours = {
      { values = values, style = "black", title = "the boundary that was given" },
      { values = values, style = "first", title = "the boundary that was learned" } } }
  local bytes = drawn(2, panel, panel)
  begins(bytes, "the boundary that was given")
  begins(bytes, "the boundary that was learned")
end)

for _, case in ipairs { { "one", 1, 1, 5 }, { "many", 20, 20, 5 }, { "many long", 20, 20, 60 },
    { "few very long", 3, 3, 200 }, { "rows of", 2, 60, 30 }, { "columns of", 90, 2, 30 } } do
  test(("a map of %s names"):format(case[1]), function()
    for _, letters in ipairs { "e", "ë", "字" } do
      local panel = heat(case[2], case[3], function(i)
        return (name(i, case[4]):gsub("e", letters))
      end)
      begins(drawn(1, panel), "20.0", "a tick of the colours")
    end
  end)
end

--- The rectangles of a map, in the order of drawing: { colour, left, bottom, right, top }.
local function cells_of(bytes)
  local list, map = {}, bytes:match '<g data%-of="p1_map"[^>]*>(.-)</g>'
  for colour, left, bottom, right, top in
    map:gmatch "<path fill='(#%x+)' d='M([%d.]+),([%d.]+)H([%d.]+)V([%d.]+)H[%d.]+z'/>" do
    list[#list + 1] = { colour, tonumber(left), tonumber(bottom), tonumber(right), tonumber(top) }
  end
  return list
end

test("a map is of rectangles, one a cell, or one for cells of one colour; no viewer can blur them", function()
  for _, size in ipairs { { 1, 1 }, { 1, 3 }, { 4, 1 }, { 2, 2 }, { 9, 4 } } do
    local n = size[1] * size[2]
    local panel = heat(size[1], size[2], tostring, { scale = { 0, 1 }, values = {} })
    for i = 1, n do panel.values[i] = i / n end
    local bytes = drawn(1, panel)
    if bytes:find "<image" then error "it is an image" end
    local list = cells_of(bytes)
    check.same(#list, n)
    for i, one in ipairs(list) do -- beside each other and above each other without a gap
      local left, below = (i - 1) % size[1] > 0 and list[i - 1], list[i - size[1]]
      if left and not (left[4] >= one[2] and left[4] < one[2] + 1) then error "a gap to the left" end
      if below and not (below[5] <= one[3] and below[5] > one[3] - 1) then error "a gap below" end
      if i > 1 and list[i - 1][1] == one[1] then error "two values have one colour" end
    end
    for i = 1, n do panel.values[i] = 0.5 end
    check.same(#cells_of(drawn(1, panel)), 1)
    panel.values[1] = 0 / 0
    check.same(#cells_of(drawn(1, panel)), n > 1 and (size[1] > 1 and size[2] > 1 and 2 or 1) or 0)
  end
end)

test("a map of a plane, as figures 1 and 2 have it, takes a few hundred rectangles", function()
  local values = {}
  for i = 1, 6400 do
    values[i] = 2 / (1 + math.exp(-((i - 1) % 80 - (i - 1) // 80))) - 1
  end
  local n = #cells_of(drawn(2, { kind = "heat", title = "T", values = values, cells = 80, range = { -10, 10 },
    xlabel = "x", ylabel = "y", cblabel = "output", contours = { { values = values, style = "black" } } }))
  if n < 80 or n > 1600 then error(n) end
end)

test("a map of one value, or of one number", function()
  drawn(1, heat(1, 1, tostring, { values = { 0.5 }, scale = { 0.5, 0.5 } }))
  drawn(1, heat(3, 2, tostring, { values = { 0, 0, 0, 0, 0, 0 }, scale = { 0, 0 }, percent = false }))
  drawn(1, heat(4, 2, tostring, { scale = { 0, 123456 }, percent = false }))
end)

for _, n in ipairs { 1, 2, 60 } do
  test(("a forest of %d rows"):format(n), function()
    for _, letters in ipairs { 3, 60, 300 } do
      local rows = {}
      for i = 1, n do
        rows[i] = { label = name(i, letters):gsub("o", "ö"), x = i, low = i - 9, high = i + 9 }
      end
      local bytes = drawn(1, { kind = "forest", title = "T", rows = rows, differences = true,
        head = letters > 50 and name(0, letters) or nil,
        xlabel = "training accuracy minus the reference's (percentage points, 95 % interval)" })
      for i = 1, n do begins(bytes, i .. ".") end
    end
  end)
end

--- Rows { x, low, high } of a forest of differences.
local function differences(rows, changes)
  local panel = { kind = "forest", title = "T", differences = true, rows = rows,
    xlabel = "difference (points)" }
  for i, row in ipairs(rows) do
    row.label, row.x, row.low, row.high = "row " .. i, table.unpack(row, 1, 3)
  end
  for key, value in pairs(changes or {}) do panel[key] = value end
  return panel
end

test("outliers of a forest: a symmetric log scale, which is told at the axis; without them none", function()
  local function all()
    return { { -0.6, -4.5, 3.3 }, { -0.3, -0.9, 0.4 }, { 7, 3, 11 }, { -0.2, -2.9, 2.5 } }
  end
  local plain, far = all(), all()
  far[5] = { -66, -80, -52 }
  check.same(drawn(1, differences(plain)):find("log scale", 1, true), nil)
  local bytes = drawn(1, differences(far))
  begins(bytes, "difference (points; symmetric log scale: linear from −5 to 5")
  for _, tick in ipairs { "−50", "−5", "0", "5", "10" } do begins(bytes, tick) end
  local function shares(rows) -- of the axis, by row
    local script, list = plot.script({ name = "x", columns = 1, panels = { differences(rows) } }, 1), {}
    local lo, hi = script:match "set xrange %[([^:]+):([^%]]+)%]"
    for width in script:match "%$p1_rows << EOD\n(.-)EOD":gmatch "(%S+)\n" do
      list[#list + 1] = tonumber(width) / (hi - lo)
    end
    return list
  end
  local narrow, wide = shares(far), shares(all())
  for i = 1, 4 do
    if narrow[i] < wide[i] / 3 then error(("row %d has %g of the axis"):format(i, narrow[i])) end
  end
end)

test("which claims hold: two intervals a row, a margin, a word at the right or behind the name", function()
  local rows = { { 0.2, -0.3, 0.7 }, { -0.5, -1.4, 0.4 } }
  rows[1].inner, rows[2].inner = { -0.2, 0.6 }, { -1.2, 0.2 }
  rows[1].said, rows[2].said = "replicated", "undecided"
  local panel = differences(rows, { margin = { -1, 1, title = "margin" } })
  local bytes = drawn(1, panel)
  for _, word in ipairs { "95 % interval", "90 % interval", "margin", "replicated", "undecided" } do
    begins(bytes, word)
  end
  bytes = plot.draw({ name = "x", panels = { panel }, narrow = true }, "svg")
  begins(bytes, "row 2: undecided")
  local script = plot.script({ name = "x", columns = 1, panels = { panel } }, 1)
  check.contains(script, "rectangle from -1, graph 0 to 1, graph 1 behind")
  check.contains(script, "$p1_inner << EOD\n0.2 1 -0.2 0.8\n-0.5 0 -1.2 1.4\nEOD")
end)

test("a band over seeds on a log axis", function()
  local means, list = require "pictures.means", {}
  for s = 1, 5 do
    list[s] = { x = { 0, 10, 1000, 100000 }, y = { 0, 0.1 * s, 0.5, 0.8 } }
  end
  local panel = curves { xlog = true, percent = true, xlabel = "evaluations", series = {
    means.band(list, "first", "ours"), means.band(list, "second", "theirs", "95 % interval") } }
  local bytes = drawn(1, panel)
  for _, word in ipairs { "ours, median and quartiles of 5 seeds", "theirs, 95 % interval of 5 seeds",
    "100", "1,000", "100,000", "evaluations (log scale)" } do
    begins(bytes, word)
  end
end)

test("an interval shorter than its point's mark is drawn through it, with its caps", function()
  local bytes = drawn(1, curves { series = { { x = { 1, 2 }, y = { 5, 1 }, low = { 4.99, 0 },
    high = { 5.01, 9 } } } })
  local bars = bytes:match '<g data%-of="p1_1"[^>]*>(.-)<g data%-of="p1_1"'
  local upright = 0
  for x0, x1 in bars:gmatch "M([%d.]+),[%d.]+ L([%d.]+),[%d.]+" do upright = upright + (x0 == x1 and 1 or 0) end
  if upright < 2 then error(bars) end
end)

test("names below an axis: beside each other, upright, or some of them, which is said", function()
  local function points(n, letters)
    local ticks, x, y = {}, {}, {}
    for i = 1, n do ticks[i], x[i], y[i] = { i, name(i, letters) }, i, i end
    return drawn(1, curves { xticks = ticks, xrange = { 0.4, n + 0.6 },
      series = { { x = x, y = y, low = y, high = y, title = "mean" } } })
  end
  for _, case in ipairs { { 3, 10 }, { 8, 40 }, { 45, 10 } } do
    local bytes = points(table.unpack(case))
    for i = 1, case[1] do begins(bytes, i .. ".") end
  end
  check.contains(points(200, 20), "not every place is labelled")
end)

test("numbers below an axis that are close to each other", function()
  local x = { 0.1, 0.1001, 0.1002, 0.5, 0.5001, 10 }
  local ticks = {}
  for i, value in ipairs(x) do ticks[i] = { value, tostring(value) } end
  drawn(1, curves { xticks = ticks, series = { { x = x, y = x } } })
end)

for length = 0, 5 do
  test(("a map of the pasts of a rule of history %d"):format(length), function()
    local pasts = require "pictures.pasts"
    local all, values = pasts.all(length), {}
    for i = 1, #all * #all do values[i] = i % 3 - 1 end
    local xlabel, ylabel = pasts.names(length)
    local panel = { kind = "heat", title = "T", values = values, cells = #all, high = #all,
      range = { 0, #all }, xticks = pasts.ticks(all), yticks = pasts.ticks(all, true), flat = true,
      xlabel = xlabel, ylabel = ylabel, cblabel = "mean move (steps)" }
    local bytes, labels = drawn(1, panel), 0
    check.same({ svg.shows(bytes, xlabel), svg.shows(bytes, ylabel) }, { true, true })
    if bytes:find ">[%d ]*%-" then error "a minus is a hyphen" end
    for _, word in ipairs((svg.words(bytes))) do
      if word.text:find "^[−0+ ]+$" and word.left < 100 then labels = labels + 1 end
    end
    check.same(labels >= math.min(#all, 27) - (length == 0 and 1 or 0), true)
  end)
end

test("pasts: the newest symbol changes last along an axis, and is the last of a label", function()
  local pasts = require "pictures.pasts"
  check.same(pasts.all(2)[2], { 0, -1 })
  check.same(pasts.ticks(pasts.all(2))[2], { 1.5, "0 −" })
  check.same(pasts.ticks(pasts.all(3))[2], { 1.5, { "0", "−", "−" } })
  check.same(pasts.ticks(pasts.all(3), true)[2], { 1.5, "0 − −" })
  check.same({ #pasts.ticks(pasts.all(5)), pasts.ticks(pasts.all(5))[2] },
    { 27, { 13.5, { "0", "−", "−" } } })
  check.same(pasts.ticks(pasts.all(0)), {})
end)

test("titles and names of axes that are longer than a line, or than two", function()
  for _, letters in ipairs { 120, 200, 600 } do
    for columns = 1, 2 do
      local one = curves { title = name(1, letters), xlabel = name(2, letters),
        ylabel = name(3, letters), notes = { "a note" } }
      drawn(columns, one, one, one)
    end
    drawn(1, heat(3, 3, tostring, { title = name(1, letters), xlabel = name(2, letters),
      ylabel = name(3, letters), cblabel = name(4, letters) }))
  end
end)

test("signs that gnuplot or an SVG could take for something else", function()
  local odd = "a_b^2 {x} @y & <z> |p| β 'q' \"r\" \\ %d %% $HOME `date` — \xff\u{9b}\u{1}"
  local bytes = drawn(1, curves { title = odd, xlabel = odd, ylabel = odd,
    xticks = { { 5000, odd } }, series = { { x = { 0, 10000 }, y = { 0, 1 }, title = odd } } })
  local shown = "a_b^2 {x} @y & <z> |p| β 'q' \"r\" \\ %d %% $HOME `date` — \u{fffd}"
  local n = 0
  for _, word in ipairs((svg.words(bytes))) do n = n + (word.text == shown and 1 or 0) end
  check.same(n >= 4, true)
  if bytes:find "\xff" or bytes:find "\u{9b}" then error "bytes that no SVG may have" end
end)

test("letters that no font has stand as squares in a PNG, and as they are in the SVG", function()
  local fonts = require "pictures.fonts"
  local known = "x₁ ≤ αβγ, ë, кот, ✓"
  check.same({ fonts.without_missing(known) }, { known })
  local nobodys = "\u{10fffd}" -- for private use
  local text, said = fonts.without_missing("a" .. nobodys .. "b")
  if fonts.lacking { nobodys } then check.same({ text, said }, { "a□b", nobodys }) end
  check.same(fonts.lacking { text }, false)
  check.contains(drawn(1, curves { title = "a" .. nobodys }), "a" .. nobodys)
end)

test("figures of many rows are drawn as PNG, too; of more than a PNG can have, it is said", function()
  local function forest(n)
    local rows = {}
    for i = 1, n do rows[i] = { label = name(i, 9), x = i, low = i, high = i } end
    return plot.draw({ name = "x", columns = 1, panels = { { kind = "forest", title = "T",
      rows = rows } } }, "png")
  end
  local bytes, why = forest(780)
  if not bytes then error(why) end
  bytes, why = forest(900)
  check.same({ bytes, why:match "^it would be 18,%d+ pixels high.*16,000; let it have fewer rows$" ~= nil },
    { nil, true })
end)

--- Places that an SVG's marks say, by the part of the drawing that is there; and where gnuplot drew that.
local function marked(bytes)
  local said, drawn_at = {}, {}
  for at in bytes:gmatch 'data%-at="([^"]*)"' do
    for part in at:gmatch "[^;]+" do
      local name, places = part:match "^(%S+) (.*)$"
      said[name] = places
    end
  end
  for name, inner in bytes:gmatch '<g data%-of="([^"]+)"[^>]*>(.-)\n\t</g>' do
    local list = {}
    for x, y in inner:gmatch "<use [^>]-translate%(([%d.]+),([%d.]+)%)" do
      list[#list + 1] = ("%.0f,%.0f"):format(x, y)
    end
    if #list == 0 then
      for x, y in inner:gmatch "[ML]?([%d.]+),([%d.]+)" do list[#list + 1] = ("%.0f,%.0f"):format(x, y) end
    end
    if inner:find "<use" or not drawn_at[name] then drawn_at[name] = table.concat(list, " ") end
  end
  return said, drawn_at
end

test("marks stand where gnuplot draws the points, on each kind of axis, in both forms", function()
  local points = { x = { 1, 2, 3 }, y = { 1, 3, 2 }, low = { 0, 2, 1 }, high = { 2, 4, 3 }, title = "p",
    style = "second" }
  local far = {}
  for i = 1, 8 do far[i] = { label = "r" .. i, x = i == 8 and 90 or i / 4, low = 0, high = i == 8 and 99 or i / 2 } end
  for _, narrow in ipairs { false, true } do
    local bytes = plot.draw({ name = "x", columns = 2, narrow = narrow, panels = {
      curves { xlog = true, series = { { x = { 1, 10, 1000 }, y = { 0.25, 1, 0.5 }, title = "l" } } },
      curves { series = { points, { x = { 1, 3 }, y = { 2, 2 }, title = "q" } }, lines = { { y = 2, title = "2" } } },
      { kind = "forest", title = "F", rows = far, differences = true } } }, "svg")
    local said, at = marked(bytes)
    for _, name in ipairs { "p1_1", "p2_1", "p2_2", "p3_rows" } do
      for place in (said[name] or "nowhere"):gmatch "%S+" do
        if not (" " .. (at[name] or "") .. " "):find(" " .. place .. " ", 1, true) then
          error(("%s: said '%s', drawn '%s'"):format(name, said[name], at[name]))
        end
      end
    end
    check.contains(bytes, 'data-title="2" data-of="p2_level1"')
    check.contains(bytes, '<g data-of="p2_level1"')
    check.contains(bytes, 'data-title="p" data-of="p2_1"')
    if bytes:find "gnuplot_plot" then error "a part has no name of its own" end
  end
end)

check.finish()

--- Forests: a row each with its name in a column of their own, its point and its interval, and at the
--- right what they are in numbers. Differences stand around an upright line at 0, against a margin if
--- there is one; where a few of them would flatten all others, on a symmetric log scale.
local forest = {}

local axes = require "pictures.axes"
local bounds = require "pictures.bounds"
local format = require "text.format"
local palette = require "pictures.palette"
local stats = require "statistics.stats"

local ROW = 20 -- pixels from one line to the next
local FAR = 6 -- the farthest end over the middle one, rounded up, that wants a log scale
local APART = 0.1 -- of a log axis, from one label to the next
local INNER = "#6f86ad" -- of the inner interval

local number = axes.number

forest.any_cut = bounds.any_cut

--- The ends of a row's interval, which of them the bounds cut off first.
local function ends_of(panel, row)
  local lo, hi = table.unpack(bounds.of(panel), 1, 2)
  local cut_low, cut_high = bounds.cut(panel, row.low, row.high)
  return cut_low, cut_high, cut_low and lo or row.low, cut_high and hi or row.high
end

--- All ends of intervals, as they are drawn.
local function all_ends(panel)
  local list = {}
  for _, row in ipairs(panel.rows) do
    local low, high = select(3, ends_of(panel, row))
    list[#list + 1], list[#list + 2] = low, high
  end
  return list
end

--- The next of 1, 2, 5, 10, 20, ... that is no less than x > 0.
local function round_up(x)
  local power = 10.0 ^ math.floor(math.log(x, 10))
  for _, factor in ipairs { 1, 2, 5, 10 } do
    if factor * power >= x * (1 - 1e-9) then return factor * power end
  end
end

--- How far from 0 the axis is linear, before it is logarithmic; nil where it is linear throughout.
local function linear_to(panel)
  if not panel.differences or panel.xrange or panel.xticks then return nil end
  local sizes = {}
  for _, x in ipairs(all_ends(panel)) do sizes[#sizes + 1] = x ~= 0 and math.abs(x) or nil end
  if #sizes < 6 then return nil end
  local middle = round_up(stats.median(sizes))
  return stats.max(sizes) > FAR * middle and middle or nil
end

--- The place of a number on the axis; without a bend where the log begins.
local function placing(panel)
  local c = linear_to(panel)
  return function(x)
    if not c then return x end
    local size = math.abs(x) / c
    return size <= 1 and x / c or (x < 0 and -1 or 1) * (1 + math.log(size))
  end, c
end
forest.placing = placing

--- Labels of an axis that is logarithmic beyond c: at 0, at c on both sides, and at round numbers.
local function log_ticks(place, c, lo, hi)
  local function label(x) return x % 1 == 0 and format.count(x) or format.sized(x, 1) end
  local ticks = { { 0, "0" } }
  for _, sign in ipairs { -1, 1 } do
    local x, last = c, 0
    while place(x) <= math.max(-lo, hi) do
      local at = sign * place(x)
      if at >= lo and at <= hi and math.abs(at - last) >= APART * (hi - lo) then
        ticks[#ticks + 1], last = { at, label(sign * x) }, at
      end
      x = round_up(1.01 * x)
    end
  end
  table.sort(ticks, function(a, b) return a[1] < b[1] end)
  return ticks
end

--- "−0.6 (−4.5 to +3.3)": as many decimals as show the middle width of the intervals.
local function shower(panel)
  local widths = {}
  for _, row in ipairs(panel.rows) do
    widths[#widths + 1] = row.high > row.low and row.high - row.low or nil
  end
  local middle = #widths > 0 and stats.median(widths) or 1
  local digits = math.floor(math.min(math.max(1 - math.floor(math.log(middle, 10)), 1), 6))
  local function show(x)
    return (panel.differences and x > 0 and "+" or "") .. format.fixed(x, digits)
  end
  return function(row)
    if row.said then return row.said end
    return row.low < row.high and ("%s (%s to %s)"):format(show(row.x), show(row.low), show(row.high))
      or show(row.x)
  end
end

function forest.data(emit, panel, id)
  local rows, caps, inner, marked, place = { {}, {} }, {}, {}, {}, placing(panel)
  for i, row in ipairs(panel.rows) do
    local cut_low, cut_high, low, high = ends_of(panel, row)
    local y = number(#panel.rows - i)
    local function lying(from, to)
      return ("%s %s %s %s"):format(number(place(row.x)), y, number(place(from)),
        number(place(to) - place(from)))
    end
    table.insert(rows[row.open and 2 or 1], lying(low, high))
    if row.mark then marked[#marked + 1] = ("%s %s"):format(number(place(row.mark)), y) end
    if row.inner then inner[#inner + 1] = lying(row.inner[1], row.inner[2]) end
    if low < high and not cut_low then caps[#caps + 1] = ("%s %s"):format(number(place(low)), y) end
    if low < high and not cut_high then caps[#caps + 1] = ("%s %s"):format(number(place(high)), y) end
  end
  for i, list in ipairs { rows[1], rows[2], caps, inner, marked } do -- gnuplot wants a row
    axes.block(emit, id .. ({ "_rows", "_open", "_caps", "_inner", "_marked" })[i],
      #list > 0 and list or { "NaN NaN NaN NaN" })
  end
end

--- Names stand to the left of the box, each in the line of its own.
function forest.view(panel)
  local place, c = placing(panel)
  local ends, names, said, show = { panel.differences and 0 or nil }, {}, {}, shower(panel)
  for _, x in ipairs(all_ends(panel)) do ends[#ends + 1] = place(x) end
  for _, x in ipairs(panel.margin or {}) do ends[#ends + 1] = place(x) end
  for i, row in ipairs(panel.rows) do
    ends[#ends + 1] = row.mark and place(row.mark)
    names[i] = { #panel.rows - i, row.label }
    said[i] = { #panel.rows - i, show(row), kept = row.said ~= nil }
  end
  local lo, hi = axes.extent(panel.xrange, { ends }, 0.05, bounds.of(panel)[1] and not c
    and bounds.of(panel) or nil)
  local lines = math.max(#panel.rows, 2) + (panel.head and 1 or 0)
  return { height = ROW * lines + 6, names = names, head = panel.head, said = said,
    x = { lo, hi, ticks = c and log_ticks(place, c, lo, hi) or panel.xticks },
    xnote = c and ("symmetric log scale: linear from −%g to %g, logarithmic beyond"):format(c, c),
    flat = c ~= nil, y = { -0.5, #panel.rows - (panel.head and -0.8 or 0.2) } }
end

--- What the legend says, where there is more than a point and its interval.
function forest.legend(panel)
  local any_inner = false
  for _, row in ipairs(panel.rows) do any_inner = any_inner or row.inner ~= nil end
  if not (any_inner or panel.margin) then return {} end
  local list = { { title = panel.around or "95 % interval", style = "first", shape = "bar" } }
  if any_inner then
    list[2] = { title = panel.inner or "90 % interval", colour = INNER, shape = "thick" }
  end
  if panel.marked then list[#list + 1] = { title = panel.marked, style = "second", shape = "point" } end
  if panel.margin then
    list[#list + 1] = { title = panel.margin.title or "margin", style = "level", shape = "line" }
  end
  return list
end

function forest.draw(emit, panel, id, box)
  local place, c = placing(panel)
  if panel.differences then
    emit("set arrow from 0, graph 0 to 0, graph 1 nohead back lc rgb '%s' lw 1 dt solid",
      palette.styles.guide.colour)
  end
  if panel.margin then
    local from, to = place(panel.margin[1]), panel.margin[2] and place(panel.margin[2])
    emit("set object rectangle from %s, graph 0 to %s, graph 1 behind fc rgb '#f1e3ec' fs solid noborder",
      number(from), to and number(to) or "graph 1")
    for _, x in ipairs { from, to } do
      emit("set arrow from %s, graph 0 to %s, graph 1 nohead back %s", number(x), number(x),
        (axes.line "level"))
    end
  end
  if c then emit "set grid xtics lc rgb '#d4d4d4' lw 0.8 dt solid" end
  emit("set border 1 lc rgb '#404040'")
  local _, point, mark = axes.line "second"
  local colour, cap = select(3, axes.line "first"), 2.8 * (#panel.rows + (panel.head and 1.3 or 0.3)) / box.height
  emit("plot $%s_inner using 3:2:4:(0) with vectors nohead lc rgb '%s' lw 5 notitle, \\\n"
    .. "     $%s_rows using 3:2:4:(0) with vectors nohead lc rgb '%s' lw 1.2 notitle, \\\n"
    .. "     $%s_rows using 1:2 with points pt 7 ps 0.7 lc rgb '%s' notitle, \\\n"
    .. "     $%s_open using 1:2 with points pt 6 ps 0.7 lc rgb '%s' notitle, \\\n"
    .. "     $%s_marked using 1:2 with points pt %d ps 0.9 lc rgb '%s' lw 1.2 notitle, \\\n"
    .. "     $%s_caps using 1:($2-%.3f):(0):(%.3f) with vectors nohead lc rgb '%s' lw 1.2 notitle", id,
    INNER, id, colour, id, colour, id, colour, id, point - 1, mark, id, cap, 2 * cap, colour)
end

return forest

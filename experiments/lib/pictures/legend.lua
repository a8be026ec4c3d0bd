--- The legend of a panel: its entries in rows and columns, as many side by side as there is room for.
--- gnuplot's own leaves out what does not fit, and does not say so.
local legend = {}

local axes = require "pictures.axes"
local measure = require "pictures.measure"

local SIZE, ROW = 13, 18 -- of the letters, and from one row to the next
local SAMPLE, GAP, BETWEEN = 34, 8, 28 -- a line's sample, from it to its name, from column to column

--- What the panel's series, contours and lines say of themselves: { title, style or colour, shape }, the
--- shape "line", "bar" (a point with an interval), "point", "thick" or "band"; then what its kind says.
function legend.entries(panel, kind)
  local list = {}
  local function add(items, style)
    for _, item in ipairs(items or {}) do
      if item.title then
        list[#list + 1] = { item = item, title = measure.clean(item.title), style = item.style or style,
          shape = item.band and "band" or not item.low and "line" or item.open and "point" or "bar" }
      end
    end
  end
  add(panel.series, "first")
  add(panel.contours, "first")
  add(panel.lines, "level")
  for _, entry in ipairs(kind and kind.legend and kind.legend(panel) or {}) do
    entry.title = measure.clean(entry.title)
    list[#list + 1] = entry
  end
  return list
end

--- The widths of so many columns, and of all of them together.
local function columns_of(entries, n)
  local widths, all = {}, (n - 1) * BETWEEN
  for i, entry in ipairs(entries) do
    local c = (i - 1) % n + 1
    widths[c] = math.max(widths[c] or 0, SAMPLE + GAP + measure.width(entry.title, SIZE))
  end
  for _, width in ipairs(widths) do all = all + width end
  return widths, all
end

--- Entries set into `room` pixels, nil if there are none: with their rows and columns, how wide and
--- how high they are. Names that are too long for it are cut.
function legend.fit(entries, room)
  if #entries == 0 then return nil end
  for _, entry in ipairs(entries) do
    entry.title = measure.cut(entry.title, room - SAMPLE - GAP, SIZE)
  end
  local rows, best = nil, nil
  for n = #entries, 1, -1 do
    local widths, width = columns_of(entries, n)
    if width <= room or n == 1 then
      rows = rows or math.ceil(#entries / n)
      if math.ceil(#entries / n) > rows then break end
      best = { entries = entries, columns = n, rows = rows, widths = widths, width = width,
        height = rows * ROW }
    end
  end
  return best
end

--- Draws it, the middle of its upper end at x, y, by a pen (see frame.lua).
function legend.draw(fitted, pen, x, y)
  local left = x - fitted.width / 2
  for i, entry in ipairs(fitted.entries) do
    local c, at = (i - 1) % fitted.columns + 1, left
    for before = 1, c - 1 do at = at + fitted.widths[before] + BETWEEN end
    local middle = y + ((i - 1) // fitted.columns + 0.5) * ROW
    entry.left, entry.middle = at, middle -- for marks.lua
    entry.width = SAMPLE + GAP + measure.width(entry.title, SIZE)
    local line, point, colour = axes.line(entry.style)
    if entry.shape == "band" then pen.area(at, middle - 5, SAMPLE, 10, colour) end
    if entry.shape == "thick" then
      pen.line(at, middle, at + SAMPLE, middle, ("lc rgb '%s' lw 5"):format(entry.colour))
    elseif entry.shape == "line" or entry.shape == "band" then
      pen.line(at, middle, at + SAMPLE, middle, line)
    else
      pen.point(at + SAMPLE / 2, middle, entry.shape == "point" and point - 1 or point, colour)
    end
    if entry.shape == "bar" then pen.bar(at, middle, at + SAMPLE, middle, colour) end
    pen.words(entry.title, at + SAMPLE + GAP, middle, SIZE, "left")
  end
end

return legend

--- Maps: a cell is a rectangle, in both formats. An image would be blurred by viewers that enlarge it.
local heat = {}

local axes = require "pictures.axes"
local format = require "text.format"
local measure = require "pictures.measure"
local palette = require "pictures.palette"

local HEIGHT = 214 -- of a box, if nothing wants more
local CELL, MOST = 24, 600 -- pixels of a row; of all rows of a map without numbers
local LEAST = 9 -- size of letters that can be read
local SHADES = 50 -- colours of a map: cells of one shade beside each other are one rectangle
local OVER = 0.6 -- pixels that a rectangle goes on below the next, or a viewer shows a seam

local number, block = axes.number, axes.block

--- How numbers of a map are shown: as many digits for all, three that count of the greatest.
local function shower(panel)
  local most = math.max(math.abs(panel.scale[1]), math.abs(panel.scale[2]), 1e-12)
  local digits = math.max(0, 2 - math.floor(math.log(most, 10)))
  return function(value)
    return panel.percent and format.fixed(100 * value, 1) or format.fixed(value, math.min(digits, 9))
  end
end

--- Ends and ticks of the colours: of network outputs and moves from -1 to 1, or of panel.scale.
local function bar_of(panel)
  if not panel.scale then
    return { -1, 1, ticks = { { -1, "−1" }, { 0, "0" }, { 1, "+1" } } }
  end
  local lo, hi = axes.extent(nil, { panel.scale }, 0, panel.percent and { 0, 1 })
  local ticks, show = axes.computed(lo, hi, nil, nil, 4), shower(panel)
  for _, tick in ipairs(ticks) do tick[2] = panel.percent and show(tick[1]) or tick[2] end
  return { lo, hi, ticks = ticks }
end

function heat.view(panel)
  local lo, hi = panel.range[1], panel.range[2]
  local up = (panel.high or panel.cells) * (hi - lo) / panel.cells
  local wanted = panel.high and CELL * panel.high or 0
  return { height = math.max(HEIGHT, panel.scale and wanted or math.min(wanted, MOST)),
    x = { lo, hi, ticks = panel.xticks }, y = { lo, lo + up, ticks = panel.yticks },
    square = not panel.high, cells = true, flat = panel.flat, bar = bar_of(panel) }
end

--- Rectangles of one shade, { left, right, below, above, shade }, in cells from the lower left corner:
--- cells of a row that are alike, and rows below each other whose pieces are.
local function rectangles(panel)
  local bar, cells, list, open = bar_of(panel), panel.cells, {}, {}
  local function shade(r, c)
    local value = c < cells and panel.values[r * cells + c + 1] or 0 / 0
    if value ~= value then return nil end
    local share = (value - bar[1]) / (bar[2] - bar[1])
    return math.floor(SHADES * math.min(math.max(share, 0), 1) + 0.5) / SHADES
  end
  for r = 0, (panel.high or cells) - 1 do
    local row, from = {}, 0
    for c = 1, cells do
      local one = shade(r, from)
      if shade(r, c) ~= one or c == cells then
        local key = ("%d %d %s"):format(from, c, one)
        local last = open[key]
        if last then last[4] = r + 1 end
        if one and not last then
          last = { from, c, r, r + 1, one }
          list[#list + 1] = last
        end
        row[key], from = last, c
      end
    end
    open = row
  end
  return list
end

function heat.data(emit, panel, id)
  local rows = {}
  for i, one in ipairs(rectangles(panel)) do rows[i] = ("%d %d %d %d %.2f"):format(table.unpack(one)) end
  block(emit, id .. "_map", #rows > 0 and rows or { "NaN NaN NaN NaN NaN" })
  -- contours are computed by gnuplot, once, into data of their own
  for c, contour in ipairs(panel.contours or {}) do
    local lines = {}
    for r = 0, panel.cells - 1 do
      local line = {}
      for k = 1, panel.cells do line[k] = ("%.3g"):format(contour.values[r * panel.cells + k]) end
      lines[r + 1] = table.concat(line, " "):gsub("%-?nan", "NaN")
    end
    block(emit, ("%s_field%d"):format(id, c), lines)
    emit("set table $%s_line%d", id, c)
    emit("splot $%s_field%d matrix with lines", id, c)
    emit("unset table")
  end
end

--- The values in their cells, if they can be read there; a dash where there is none.
local function write_values(panel, box, map)
  local wide, texts, widest, show = box.width / panel.cells, {}, 0, shower(panel)
  local bar = bar_of(panel)
  for i, value in ipairs(panel.values) do
    texts[i] = show(value)
    widest = math.max(widest, measure.width(texts[i], 1))
  end
  local size = math.min(13, (wide - 4) / widest)
  if size < LEAST then return end
  for i, text in ipairs(texts) do
    local value = panel.values[i]
    local on = value == value and palette.at(map, (value - bar[1]) / (bar[2] - bar[1])) or "#ffffff"
    box.pen.words(text, box.left + ((i - 1) % panel.cells + 0.5) * wide,
      box.top + (1 - ((i - 1) // panel.cells + 0.5) / panel.high) * box.height, size, "center",
      palette.letters_on(on))
  end
end

function heat.draw(emit, panel, id, box)
  local lo, hi = panel.range[1], panel.range[2]
  local size, high = (hi - lo) / panel.cells, panel.high or panel.cells
  local map = palette.maps[panel.scale and "full" or "light"]
  local colours = {}
  for i, colour in ipairs(map) do colours[i] = ("%d '%s'"):format(i, colour) end
  emit("set palette defined (%s)", table.concat(colours, ", "))
  if panel.scale then write_values(panel, box, map) end
  --- The place of a column of numbers, in cells.
  local function place(column, more)
    return ("(%s+%s*(%s%s))"):format(number(lo), number(size), column, more or "")
  end
  local bar = bar_of(panel)
  local right = ("+%s"):format(number(OVER * panel.cells / box.width))
  local up = ("+%s"):format(number(OVER * high / box.height))
  local parts = { ("$%s_map using %s:%s:%s:%s:%s:%s:(%s+%s*$5) with boxxyerror lc palette fs solid "
    .. "noborder notitle"):format(id, place "$1", place "$3", place "$1", place("$2", right), place "$3",
    place("$4", up), number(bar[1]), number(bar[2] - bar[1])) }
  for c, contour in ipairs(panel.contours or {}) do
    parts[#parts + 1] = ("$%s_line%d using %s:%s with lines %s notitle"):format(id, c,
      place("$1", "+0.5"), place("$2", "+0.5"), (axes.line(contour.style)))
  end
  if panel.mark then -- white around black, which is seen on any colour
    local c, r = panel.mark[1], panel.mark[2]
    for _, look in ipairs { "#ffffff' lw 5", "#000000' lw 2.5" } do
      emit("set object rectangle from %d,%d to %d,%d front fs empty border lc rgb '%s", c - 1, r - 1,
        c, r, look)
    end
  end
  emit("set border 15 lc rgb '#404040'")
  emit("plot " .. table.concat(parts, ", \\\n     "))
end

return heat

--- What axes are made of: texts, round numbers, ranges and line styles, as gnuplot wants them.
local axes = {}

local format = require "text.format"
local measure = require "pictures.measure"

axes.FONT = "DejaVu Sans"
axes.POINTS_MAX = 1600 -- of a curve: more than a printed column has dots

--- Told apart in grey by lightness and dash, by colour-blind readers by hue (blue, orange).
axes.styles = {
  first = { colour = "#1b3a6b", width = 2.0, dash = "solid", point = 7 },
  second = { colour = "#e07b1a", width = 2.0, dash = "(9,5)", point = 9 },
  third = { colour = "#5fa6a0", width = 2.0, dash = "(2,4)", point = 5 },
  black = { colour = "#000000", width = 1.6, dash = "(7,5)", point = 7 },
  guide = { colour = "#707070", width = 1.0, dash = "(3,3)", point = 7 },
  faint = { colour = "#a7b0bd", width = 0.8, dash = "solid", point = 7 },
}

--- Text for gnuplot: single quotes, in which only the quote itself is special. Terminals are
--- `noenhanced`, so that _ ^ { } @ & ~ stand for themselves.
function axes.quote(text)
  return "'" .. measure.clean(text):gsub("'", "''") .. "'"
end

local function finite(x)
  return x ~= nil and x == x and x ~= math.huge and x ~= -math.huge
end

--- Round numbers from lo to hi, about `wanted` of them.
function axes.ticks(lo, hi, wanted)
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
function axes.tick_labels(list, step)
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
function axes.decimate(x, y, most)
  local xs, ys = {}, {}
  for i = 1, #x do
    if finite(x[i]) and finite(y[i]) then xs[#xs + 1], ys[#ys + 1] = x[i], y[i] end
  end
  most = most or axes.POINTS_MAX
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

--- A number as gnuplot reads it.
function axes.number(x)
  return ("%.9g"):format(x)
end

--- A style by its name: its line, its point, its colour.
function axes.line(name)
  local style = axes.styles[name or "first"]
    or error(("plot: no style is named '%s'"):format(name), 0)
  return ("lc rgb '%s' lw %g dt %s"):format(style.colour, style.width, style.dash), style.point,
    style.colour
end

--- From the lowest to the highest number of some lists, with a share of room on both sides; no end
--- leaves the bounds, and `range` has the last word.
function axes.extent(range, lists, pad, bounds)
  local lo, hi = math.huge, -math.huge
  for _, list in ipairs(lists) do
    for _, v in ipairs(list) do
      if finite(v) then lo, hi = math.min(lo, v), math.max(hi, v) end
    end
  end
  if lo > hi then lo, hi = 0, 1 end
  if lo == hi then
    local half = lo == 0 and 0.5 or 0.05 * math.abs(lo)
    lo, hi = lo - half, hi + half
  end
  local room, least, most = pad * (hi - lo), table.unpack(bounds or {}, 1, 2)
  lo, hi = math.max(lo - room, least or -math.huge), math.min(hi + room, most or math.huge)
  return range and range[1] or lo, range and range[2] or hi
end

--- Computed ticks {{position, label}, ...} from lo to hi: as many as stand side by side within
--- `width` pixels, in letters of `size`; about `wanted` of them (5) where no width is given.
function axes.computed(lo, hi, width, size, wanted)
  for wanted = wanted or 5, 1, -1 do
    local list, step = axes.ticks(lo, hi, wanted)
    local labels, widest = axes.tick_labels(list, step), 0
    for i, text in ipairs(labels) do
      list[i], widest = { list[i], text }, math.max(widest, width and measure.width(text, size) or 0)
    end
    if wanted == 1 or not width or widest + 12 <= width * step / (hi - lo) then return list end
  end
end

return axes

--- What axes are made of: texts, round numbers, ranges and line styles, as gnuplot wants them.
local axes = {}

local format = require "text.format"
local measure = require "pictures.measure"
local palette = require "pictures.palette"

axes.FONT = "DejaVu Sans"
axes.POINTS_MAX = 1600 -- of a curve: more than a printed column has dots

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

--- Named data in front of the plots: gnuplot's here-documents.
function axes.block(emit, name, rows)
  emit("$%s << EOD", name)
  for _, row in ipairs(rows) do emit(row) end
  emit("EOD")
end

--- A style by its name: its line, its point, its colour.
function axes.line(name)
  local style = palette.styles[name or "first"]
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

local NAMED = { [9] = "billion", [6] = "million" }

--- "0.01", "100", "10 million": a power of ten, or a multiple of it.
local function power_label(factor, power)
  for _, from in ipairs { 9, 6 } do
    if power >= from then return format.count(factor * 10 ^ (power - from)) .. " " .. NAMED[from] end
  end
  return power >= 0 and format.count(factor * 10 ^ power) or format.fixed(factor * 10.0 ^ power, -power)
end

--- Ticks of a log axis between two powers of ten, whose digits have no labels: all powers of ten do, or
--- where these are few 2 and 5 times them, too.
function axes.powers(lo, hi)
  local ticks, few = {}, math.floor(hi) - math.ceil(lo) < 2
  for power = math.floor(lo), math.floor(hi) do
    for factor = 1, 9 do
      local at = power + math.log(factor, 10)
      if at >= lo - 1e-9 and at <= hi + 1e-9 then
        local named = factor == 1 or few and (factor == 2 or factor == 5)
        ticks[#ticks + 1] = { at, named and power_label(factor, power) or {} }
      end
    end
  end
  return ticks
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

--- Means with what lies around them, an interval or a range, as series of a panel.
local means = {}

local stats = require "statistics.stats"

--- Student's 95 % interval of a mean, from the deviation of n values: nothing where n is 1.
function means.interval(mean, sd, n)
  if n < 2 then return mean, mean end
  local half = stats.t_quantile(0.975, n - 1) * sd / math.sqrt(n)
  return mean - half, mean + half
end

--- Points { x, y, low, high, n, runs } as series of a style: those of several seeds, and as open points
--- those of one, around which nothing is known. `around` names it: "95 % interval", "range".
function means.series(points, style, around)
  local several = { x = {}, y = {}, low = {}, high = {}, runs_of = {}, style = style,
    title = "mean over seeds, " .. around }
  local single = { x = {}, y = {}, low = {}, high = {}, runs_of = {}, style = style, open = true,
    title = "1 seed, no " .. around }
  for _, point in ipairs(points) do
    local series = point.n > 1 and several or single
    for _, key in ipairs { "x", "y", "low", "high" } do table.insert(series[key], point[key]) end
    table.insert(series.runs_of, point.runs or {})
  end
  local list = {}
  for _, series in ipairs { several, single } do
    if #series.x > 0 then list[#list + 1] = series end
  end
  return list
end

--- The value of a curve at x: between two points on the line through them; after its last point, as of
--- a run that ended earlier, that one's. Nothing before its first.
local function value_at(curve, x, from)
  local xs, ys = curve.x, curve.y
  local i = from
  while i < #xs and xs[i + 1] <= x do i = i + 1 end
  if #xs == 0 or x < xs[1] then return nil, i end
  if i == #xs or xs[i] == x then return ys[i], i end
  return ys[i] + (ys[i + 1] - ys[i]) * (x - xs[i]) / (xs[i + 1] - xs[i]), i
end

--- A band over seeds as a series of a style: of curves { x = , y = } the median and the quartiles, or, if
--- `around` is "95 % interval", the mean and Student's interval, wherever all of them have a value.
function means.band(curves, style, title, around)
  local xs, seen, at = {}, {}, {}
  for c, curve in ipairs(curves) do
    at[c] = 1
    for _, x in ipairs(curve.x) do
      if not seen[x] then seen[x], xs[#xs + 1] = true, x end
    end
  end
  table.sort(xs)
  around = around or "median and quartiles"
  local band = { x = {}, y = {}, low = {}, high = {}, style = style, band = true,
    title = ("%s, %s of %d seeds"):format(title, around, #curves) }
  for _, x in ipairs(xs) do
    local values = {}
    for c, curve in ipairs(curves) do
      local value
      value, at[c] = value_at(curve, x, at[c])
      values[#values + 1] = value == value and value or nil
    end
    if #values == #curves then
      local y, low, high = stats.median(values), stats.quantile(values, 0.25), stats.quantile(values, 0.75)
      if around == "95 % interval" then
        y = stats.mean(values)
        low, high = means.interval(y, stats.sd(values), #values)
      end
      local n = #band.x + 1
      band.x[n], band.y[n], band.low[n], band.high[n] = x, y, low, high
    end
  end
  return band
end

--- The name of a row, with a word where it stands for one seed.
function means.label(name, n)
  return n > 1 and name or name .. " (1 seed)"
end

return means

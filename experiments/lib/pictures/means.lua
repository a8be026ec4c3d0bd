--- Means with what lies around them, an interval or a range, as series of a panel.
local means = {}

local stats = require "statistics.stats"

--- Student's 95 % interval of a mean, from the deviation of n values: nothing where n is 1.
function means.interval(mean, sd, n)
  if n < 2 then return mean, mean end
  local half = stats.t_quantile(0.975, n - 1) * sd / math.sqrt(n)
  return mean - half, mean + half
end

--- Points { x, y, low, high, n } as series of a style: those of several seeds, and as open points
--- those of one, around which nothing is known. `around` names it: "95 % interval", "range".
function means.series(points, style, around)
  local several = { x = {}, y = {}, low = {}, high = {}, style = style,
    title = "mean over seeds, " .. around }
  local single = { x = {}, y = {}, low = {}, high = {}, style = style, open = true,
    title = "1 seed, no " .. around }
  for _, point in ipairs(points) do
    local series = point.n > 1 and several or single
    for _, key in ipairs { "x", "y", "low", "high" } do table.insert(series[key], point[key]) end
  end
  local list = {}
  for _, series in ipairs { several, single } do
    if #series.x > 0 then list[#list + 1] = series end
  end
  return list
end

--- The name of a row, with a word where it stands for one seed.
function means.label(name, n)
  return n > 1 and name or name .. " (1 seed)"
end

return means

--- Descriptive statistics of a list of numbers. Pure functions; nil for too short a list.
local stats = {}

local function sorted(values)
  local copy = table.move(values, 1, #values, 1, {})
  table.sort(copy)
  return copy
end

local function extreme(values, better)
  local best = values[1]
  for _, value in ipairs(values) do
    if better(value, best) then best = value end
  end
  return best
end

function stats.min(values)
  return extreme(values, function(a, b) return a < b end)
end

function stats.max(values)
  return extreme(values, function(a, b) return a > b end)
end

function stats.sum(values)
  local sum = 0
  for _, value in ipairs(values) do sum = sum + value end
  return sum
end

function stats.mean(values)
  return #values > 0 and stats.sum(values) / #values or nil
end

--- Standard deviation of a sample: divided by n - 1.
function stats.sd(values)
  if #values < 2 then return nil end
  local mean, squares = stats.mean(values), 0
  for _, value in ipairs(values) do squares = squares + (value - mean) ^ 2 end
  return math.sqrt(squares / (#values - 1))
end

--- Quantile p in 0..1, linear between order statistics: type 7 of Hyndman and Fan (1996), the
--- default of R.
function stats.quantile(values, p)
  if #values == 0 then return nil end
  local x = sorted(values)
  local h = (#x - 1) * p + 1
  local low = math.floor(h)
  return x[low] + (h - low) * ((x[low + 1] or x[low]) - x[low])
end

function stats.median(values)
  return stats.quantile(values, 0.5)
end

--- Wilson's score interval for `k` successes of `n` (Wilson 1927); z = 1.96 for 95 %.
function stats.wilson(k, n, z)
  if n == 0 then return nil end
  z = z or 1.959963984540054
  local p, z2 = k / n, z * z
  local centre = (p + z2 / (2 * n)) / (1 + z2 / n)
  local half = z / (1 + z2 / n) * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
  return math.max(0, centre - half), math.min(1, centre + half)
end

return stats

--- Descriptive statistics of a list of numbers. Pure functions; nil for too short a list and for one
--- with a NaN in it. Scripts take them from stats.lua.
local descriptive = {}

--- Is `values` a list of numbers without a NaN, of at least `least` (1) of them?
function descriptive.clean(values, least)
  if type(values) ~= "table" or #values < (least or 1) then return false end
  for _, value in ipairs(values) do
    if type(value) ~= "number" or value ~= value then return false end
  end
  return true
end

local function number(x)
  return x == x and x or nil -- infinities of both signs have no sum
end

function descriptive.sorted(values)
  local copy = table.move(values, 1, #values, 1, {})
  table.sort(copy)
  return copy
end

local function extreme(values, better)
  if not descriptive.clean(values) then return nil end
  local best = values[1]
  for _, value in ipairs(values) do
    if better(value, best) then best = value end
  end
  return best
end

function descriptive.min(values)
  return extreme(values, function(a, b) return a < b end)
end

function descriptive.max(values)
  return extreme(values, function(a, b) return a > b end)
end

function descriptive.sum(values)
  local sum = 0
  for _, value in ipairs(values) do sum = sum + value end
  return sum
end

function descriptive.mean(values)
  return descriptive.clean(values) and number(descriptive.sum(values) / #values) or nil
end

--- Standard deviation of a sample: divided by n - 1.
function descriptive.sd(values)
  if not descriptive.clean(values, 2) then return nil end
  local mean, squares = descriptive.mean(values), 0
  if not mean then return nil end
  for _, value in ipairs(values) do squares = squares + (value - mean) ^ 2 end
  return number(math.sqrt(squares / (#values - 1)))
end

--- Quantile p in 0..1, linear between order statistics: type 7 of Hyndman and Fan (1996), the
--- default of R.
function descriptive.quantile(values, p)
  if not descriptive.clean(values) or not (p >= 0 and p <= 1) then return nil end
  local x = descriptive.sorted(values)
  local h = (#x - 1) * p + 1
  local low = math.floor(h)
  local share = h - low
  if share == 0 then return x[low] end -- also where the next one is infinite
  return number(x[low] + share * (x[low + 1] - x[low]))
end

function descriptive.median(values)
  return descriptive.quantile(values, 0.5)
end

--- { n, mean, sd, min, max } of a list, or nil. A table that has a mean is taken for such a summary
--- already, published as it may be; its n must be a whole number and its sd, if any, not negative.
function descriptive.summary(values)
  if type(values) ~= "table" then return nil end
  if values.mean then
    local n, mean, sd = values.n, values.mean, values.sd
    local good = math.tointeger(n) and n >= 1 and mean == mean and math.abs(mean) < math.huge
      and (sd == nil or sd >= 0 and sd < math.huge)
    return good and values or nil
  end
  local mean = descriptive.mean(values)
  return mean and { n = #values, mean = mean, sd = descriptive.sd(values),
    min = descriptive.min(values), max = descriptive.max(values) }
end

return descriptive

--- Answers by drawing: bootstrap intervals. All from seeded random numbers of its own, so that the same call gives the same digits on every machine. nil for lists
--- that are too short or have a NaN. Scripts take these functions from stats.lua.
local resampling = {}

local descriptive = require "statistics.descriptive"
local distributions = require "statistics.distributions"

-- ---- random numbers -----------------------------------------------------------------------------

local Random = {}
Random.__index = Random

--- SplitMix64 (Steele, Lea and Flood 2014) from a whole number.
function resampling.random(seed)
  return setmetatable({ state = math.tointeger(seed) or 1 }, Random)
end

--- The next 64 bits.
function Random:bits()
  self.state = self.state + 0x9E3779B97F4A7C15
  local z = self.state
  z = (z ~ (z >> 30)) * 0xBF58476D1CE4E5B9
  z = (z ~ (z >> 27)) * 0x94D049BB133111EB
  return z ~ (z >> 31)
end

--- In [0, 1), in steps of 2^-53.
function Random:uniform()
  return (self:bits() >> 11) * 2.0 ^ -53
end

--- A whole number from 1 to n.
function Random:index(n)
  return math.floor(self:uniform() * n) + 1
end

-- ---- bootstrap ----------------------------------------------------------------------------------

local function with_one_left_out(values, k)
  local rest = table.move(values, 1, k - 1, 1, {})
  return table.move(values, k + 1, #values, k, rest)
end

--- Acceleration of the BCa interval, from the jackknife over all samples; 0 where it has none.
local function acceleration(statistic, samples)
  local cubes, squares = 0, 0
  for k, values in ipairs(samples) do
    local left_out, n = {}, #values
    if n < 2 then return 0 end
    for i = 1, n do
      local changed = table.move(samples, 1, #samples, 1, {})
      changed[k] = with_one_left_out(values, i)
      left_out[i] = statistic(table.unpack(changed))
    end
    local mean = #left_out == n and descriptive.mean(left_out)
    if not mean then return 0 end
    for _, value in ipairs(left_out) do
      local influence = (n - 1) * (mean - value) / n
      cubes, squares = cubes + influence ^ 3, squares + influence ^ 2
    end
  end
  local a = cubes / (6 * squares ^ 1.5)
  return a == a and math.abs(a) < math.huge and a or 0
end

--- Where the two ends of the interval lie among the sorted draws: BCa (Efron 1987), or by plain
--- percentiles where all draws lie on one side of the estimate.
local function ends(draws, estimate, confidence, accelerated)
  local below = 0
  for _, value in ipairs(draws) do
    below = below + (value < estimate and 1 or value == estimate and 0.5 or 0)
  end
  local tails, share = { (1 - confidence) / 2, (1 + confidence) / 2 }, below / #draws
  if accelerated and share > 0 and share < 1 then
    local z0 = distributions.normal_quantile(share)
    for i, tail in ipairs(tails) do
      local z = z0 + distributions.normal_quantile(tail)
      tails[i] = distributions.normal_cdf(z0 + z / (1 - accelerated * z))
    end
  end
  return descriptive.quantile(draws, tails[1]), descriptive.quantile(draws, tails[2])
end

--- A bootstrap interval for statistic(sample, ...), each sample drawn anew by itself from its own
--- values: { estimate, low, high, se, draws }. `samples` is a list of lists. Options: draws (10,000),
--- seed (1), confidence (0.95), method "bca" or "percentile". Draws without a value are left out;
--- `draws` says how many counted.
function resampling.bootstrap(statistic, samples, options)
  options = options or {}
  if #samples == 0 then return nil end
  for _, values in ipairs(samples) do
    if not descriptive.clean(values) then return nil end
  end
  local estimate = statistic(table.unpack(samples))
  if not estimate or estimate ~= estimate then return nil end
  local random, draws = resampling.random(options.seed or 1), {}
  for _ = 1, options.draws or 10000 do
    local drawn = {}
    for k, values in ipairs(samples) do
      drawn[k] = {}
      for i = 1, #values do drawn[k][i] = values[random:index(#values)] end
    end
    local value = statistic(table.unpack(drawn))
    if value and value == value then draws[#draws + 1] = value end
  end
  if #draws == 0 then return nil end
  local accelerated = options.method ~= "percentile" and acceleration(statistic, samples) or nil
  local low, high = ends(draws, estimate, options.confidence or 0.95, accelerated)
  return { estimate = estimate, low = low, high = high, se = descriptive.sd(draws), draws = #draws }
end

return resampling

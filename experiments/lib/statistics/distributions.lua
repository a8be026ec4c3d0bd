--- Distribution functions: normal and Student's t, on the regularised incomplete beta function.
--- Relative errors are 1e-11 and better for parameters up to 1e6, also far out in the tails (down to
--- 1e-150). nil for arguments outside a function's range and for NaN. Scripts take them from stats.lua.
---
--- Sources: continued fraction of A. R. DiDonato and A. H. Morris, ACM TOMS 18 (1992), algorithm 708;
--- logarithm of the beta function by Stirling's series for large arguments (Abramowitz and Stegun
--- 6.1.41), by Lanczos' series (g = 7, n = 9) for small ones.
local distributions = {}

local HALF_LOG_2PI = 0.918938533204672741780329736406

local function real(...)
  for i = 1, select("#", ...) do
    local x = select(i, ...)
    if type(x) ~= "number" or x ~= x then return false end
  end
  return true
end

--- log(1 + x), exact near 0.
local function log1p(x)
  local u = 1 + x
  if u == 1 then return x end
  return u < math.huge and math.log(u) * (x / (u - 1)) or u
end

-- ---- gamma and beta ------------------------------------------------------------------------------

local lanczos = { 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7 }

--- What Stirling's formula lacks of log gamma, for x >= 10.
local function stirling_rest(x)
  local y = 1 / (x * x)
  return (1 / 12 - y * (1 / 360 - y * (1 / 1260 - y * (1 / 1680 - y * (1 / 1188
    - y * (691 / 360360 - y / 156)))))) / x
end

--- The logarithm of the gamma function, x > 0.
function distributions.log_gamma(x)
  if not real(x) or x <= 0 then return nil end
  if x >= 10 then return (x - 0.5) * math.log(x) - x + HALF_LOG_2PI + stirling_rest(x) end
  if x < 0.5 then
    return math.log(math.pi / math.sin(math.pi * x)) - distributions.log_gamma(1 - x)
  end
  local z, sum = x - 1, 0.99999999999980993
  for i, c in ipairs(lanczos) do sum = sum + c / (z + i) end
  local t = z + 7.5
  return HALF_LOG_2PI + (z + 0.5) * math.log(t) - t + math.log(sum)
end

--- log B(a, b), without the difference of large logarithms where both or one are large.
local function log_beta(a, b)
  local p, q = math.min(a, b), math.max(a, b)
  if p >= 10 then
    return -0.5 * math.log(q) + HALF_LOG_2PI + stirling_rest(p) + stirling_rest(q)
      - stirling_rest(p + q) + (p - 0.5) * math.log(p / (p + q)) + q * log1p(-p / (p + q))
  elseif q >= 10 then
    return distributions.log_gamma(p) + stirling_rest(q) - stirling_rest(p + q) + p
      - p * math.log(p + q) + (q - 0.5) * log1p(-p / (p + q))
  end
  return distributions.log_gamma(p) + distributions.log_gamma(q) - distributions.log_gamma(p + q)
end

--- The continued fraction of DiDonato and Morris for x up to the mean, y = 1 - x: it takes the
--- distance to the mean, not x, so that nothing cancels where x is near 1.
local function fraction(x, y, a, b)
  local distance = a > b and (a + b) * y - b or a - (a + b) * x
  local c, c1, p, s = 1 + distance, 1 + 1 / a, 1, a + 1
  local an, bn, an1, bn1, r = 0, 1, 1, c / c1, c1 / c
  for n = 1, 100000 do
    local t, w = n / a, n * (b - n) * x
    local alpha = p * (p + b / a) * (a / s) ^ 2 * w * x
    local beta = n + w / s + (t + 1) / (c1 + t + t) * (c + n * (y + 1))
    p, s = t + 1, s + 2
    an, an1 = an1, alpha * an + beta * an1
    bn, bn1 = bn1, alpha * bn + beta * bn1
    local before = r
    r = an1 / bn1
    if math.abs(r - before) <= 1e-15 * r then break end
    an, bn, an1, bn1 = an / bn1, bn / bn1, r, 1
  end
  return r
end

--- The regularised incomplete beta function I_x(a, b), 0 <= x <= 1, a and b > 0. `rest` is 1 - x
--- where the caller knows it better than subtraction does.
function distributions.incomplete_beta(x, a, b, rest)
  rest = rest or (real(x) and 1 - x)
  if not real(x, a, b, rest) or x < 0 or rest < 0 or a <= 0 or b <= 0
    or a == math.huge or b == math.huge then
    return nil
  end
  if x == 0 then return 0.0 end
  if rest == 0 then return 1.0 end
  local log_x = x > 0.5 and log1p(-rest) or math.log(x)
  local log_rest = rest > 0.5 and log1p(-x) or math.log(rest)
  local front = math.exp(a * log_x + b * log_rest - log_beta(a, b))
  if x <= a / (a + b) then return front * fraction(x, rest, a, b) end
  return 1 - front * fraction(rest, x, b, a)
end

-- ---- normal -------------------------------------------------------------------------------------

--- P(Z <= x): a series in the middle (Marsaglia 2004), Laplace's continued fraction in the tails.
function distributions.normal_cdf(x)
  if not real(x) then return nil end
  if x == math.huge or x == -math.huge then return x > 0 and 1.0 or 0.0 end
  local density = math.exp(-x * x / 2 - HALF_LOG_2PI)
  if math.abs(x) < 3 then
    local term, sum, i = x, x, 1
    while math.abs(term) > 1e-17 * math.abs(sum) do
      i = i + 2
      term = term * x * x / i
      sum = sum + term
    end
    return 0.5 + density * sum
  end
  local h = 0
  for i = 120, 1, -1 do h = i / (math.abs(x) + h) end
  local tail = density / (math.abs(x) + h)
  return x < 0 and tail or 1 - tail
end

--- The x > 0 with upper tail `tail` < 1/2: doubled until it is passed, then halved to the last bit.
local function solve(upper, tail)
  local high = 1.0
  while upper(high) > tail and high < 1e300 do high = 2 * high end
  local low = high > 1 and high / 2 or 0.0
  while true do
    local middle = low + (high - low) / 2
    if middle <= low or middle >= high then return middle end
    if upper(middle) > tail then low = middle else high = middle end
  end
end

--- A quantile of a symmetric distribution from its lower tail.
local function symmetric(p, lower)
  if not real(p) or p < 0 or p > 1 then return nil end
  if p == 0.5 then return 0.0 end
  if p == 0 or p == 1 then return p == 0 and -math.huge or math.huge end
  local x = solve(function(v) return lower(-v) end, math.min(p, 1 - p))
  return p < 0.5 and -x or x
end

function distributions.normal_quantile(p)
  return symmetric(p, distributions.normal_cdf)
end

-- ---- Student's t --------------------------------------------------------------------------------

--- P(T <= t) with `df` > 0 degrees of freedom, not necessarily whole; infinite ones give the normal.
function distributions.t_cdf(t, df)
  if not real(t, df) or df <= 0 then return nil end
  if df == math.huge then return distributions.normal_cdf(t) end
  if math.abs(t) == math.huge then return t > 0 and 1.0 or 0.0 end
  local square = t * t
  local x, rest
  if square < df then
    rest = (square / df) / (1 + square / df)
    x = 1 / (1 + square / df)
  else
    x = (df / t / t) / (1 + df / t / t)
    rest = 1 / (1 + df / t / t)
  end
  local tail = 0.5 * distributions.incomplete_beta(x, df / 2, 0.5, rest)
  return t > 0 and 1 - tail or tail
end

function distributions.t_quantile(p, df)
  if not real(df) or df <= 0 then return nil end
  return symmetric(p, function(t) return distributions.t_cdf(t, df) end)
end

return distributions

--- From samples to statements: Welch's interval, two one-sided tests, pairs, shares. Where a
--- sample is asked for, a summary { n, mean, sd } does as well. nil where the numbers do not suffice
--- (fewer than two runs, NaN). Scripts take these functions from stats.lua.
local inference = {}

local descriptive = require "statistics.descriptive"
local distributions = require "statistics.distributions"
local ranks = require "statistics.ranks"

-- ---- differences of means -----------------------------------------------------------------------

--- An estimate with its standard error and degrees of freedom, and what follows from them:
--- { difference, se, df, t, p (two-sided, against 0), low, high }. Without any spread (se = 0) the
--- interval is the point, p is 1 at 0 and 0 elsewhere.
local function estimate(difference, se, df, confidence)
  local e = { difference = difference, se = se, df = df }
  if se > 0 then
    e.t = difference / se
    e.p = 2 * distributions.t_cdf(-math.abs(e.t), df)
  else
    e.t = difference == 0 and 0.0 or difference > 0 and math.huge or -math.huge
    e.p = difference == 0 and 1.0 or 0.0
  end
  e.low, e.high = inference.interval(e, confidence)
  return e
end

--- The interval of an estimate at a confidence (0.95).
function inference.interval(e, confidence)
  if e.se == 0 then return e.difference, e.difference end
  local half = distributions.t_quantile((1 + (confidence or 0.95)) / 2, e.df) * e.se
  return e.difference - half, e.difference + half
end

--- A sum of means, each with a weight: terms { weight, sample }. Variances are not pooled; degrees
--- of freedom by Welch and Satterthwaite. Welch's comparison is the one with weights 1 and -1.
function inference.contrast(terms, confidence)
  local sum, variance, fourth, df = 0, 0, 0, 0
  for _, term in ipairs(terms) do
    local s = descriptive.summary(term[2])
    if not s or not s.sd or s.n < 2 then return nil end
    local part = term[1] ^ 2 * s.sd ^ 2 / s.n
    sum, variance, df = sum + term[1] * s.mean, variance + part, df + s.n - 1
    fourth = fourth + part ^ 2 / (s.n - 1)
  end
  if #terms == 0 then return nil end
  if fourth > 0 then df = variance ^ 2 / fourth end
  return estimate(sum, math.sqrt(variance), df, confidence)
end

--- Mean of a minus mean of b.
function inference.welch(a, b, confidence)
  return inference.contrast({ { 1, a }, { -1, b } }, confidence)
end

--- Two one-sided tests (Schuirmann 1987): is an estimate nearer to 0 than `delta`? { p_below,
--- p_above, p, low, high, equivalent }: p against "-delta or less" and "delta or more", the larger
--- of them, the interval that belongs to the tests (90 % at alpha = 0.05), and whether it lies inside.
function inference.equivalence(e, delta, alpha)
  if not e or type(delta) ~= "number" or not (delta >= 0) then return nil end
  alpha = alpha or 0.05
  local function against(distance)
    if e.se > 0 then return distributions.t_cdf(-distance / e.se, e.df) end
    return distance > 0 and 0.0 or 1.0
  end
  local t = { p_below = against(e.difference + delta), p_above = against(delta - e.difference) }
  t.p = math.max(t.p_below, t.p_above)
  t.low, t.high = inference.interval(e, 1 - 2 * alpha)
  t.equivalent = t.p < alpha
  return t
end

--- Differences a - b, pair by pair: the estimate of their mean with n, mean, sd, and `ranks`, the
--- signed-rank test. Pairs in which one is missing (NaN or false) are left out: `missing` says how
--- many. nil for lists of different length or fewer than two pairs.
function inference.paired(a, b, confidence)
  if type(a) ~= "table" or type(b) ~= "table" or #a ~= #b then return nil end
  local differences = {}
  for i = 1, #a do
    local d = a[i] and b[i] and a[i] - b[i]
    if d and d == d then differences[#differences + 1] = d end
  end
  local s = descriptive.summary(differences)
  if not s or not s.sd then return nil end
  local e = estimate(s.mean, s.sd / math.sqrt(s.n), s.n - 1, confidence)
  e.n, e.mean, e.sd, e.missing = s.n, s.mean, s.sd, #a - s.n
  e.ranks = ranks.signed_ranks(differences, { confidence = confidence })
  return e
end

-- ---- shares -------------------------------------------------------------------------------------

local function counts(k, n)
  return math.tointeger(k) and math.tointeger(n) and n > 0 and k >= 0 and k <= n
end

--- Wilson's score interval for `k` successes of `n` (Wilson 1927); z = 1.96 for 95 %.
function inference.wilson(k, n, z)
  if not counts(k, n) then return nil end
  z = z or 1.959963984540054
  local p, z2 = k / n, z * z
  local centre = (p + z2 / (2 * n)) / (1 + z2 / n)
  local half = z / (1 + z2 / n) * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
  return k == 0 and 0.0 or math.max(0, centre - half), k == n and 1.0 or math.min(1, centre + half)
end

--- P(X >= k) of a binomial count of `n` with chance `p`.
function inference.binomial_upper(k, n, p)
  if not (counts(math.max(0, k), n) or k == n + 1) then return nil end
  if k <= 0 then return 1.0 end
  if k > n then return 0.0 end
  return distributions.incomplete_beta(p, k, n - k + 1)
end

--- P(X <= k).
function inference.binomial_lower(k, n, p)
  local above = inference.binomial_upper(k + 1, n, p)
  return above and 1 - above
end

--- The exact interval of Clopper and Pearson (1934) for `k` successes of `n`: the shares that neither
--- one-sided binomial test at half the error rejects.
function inference.clopper_pearson(k, n, confidence)
  if not counts(k, n) then return nil end
  local tail = (1 - (confidence or 0.95)) / 2
  local function root(rises, target)
    local low, high = 0.0, 1.0
    for _ = 1, 60 do
      local middle = (low + high) / 2
      if rises(middle) < target then low = middle else high = middle end
    end
    return (low + high) / 2
  end
  return k == 0 and 0.0 or root(function(p) return inference.binomial_upper(k, n, p) end, tail),
    k == n and 1.0 or root(function(p) return inference.binomial_upper(k + 1, n, p) end, 1 - tail)
end

-- ---- spreads, sizes of effects, families ------------------------------------------------------------

--- The quantile of Fisher's F with `d1` and `d2` degrees of freedom.
local function f_quantile(p, d1, d2)
  local low, high = 0.0, 1.0 -- of x = d1 F / (d1 F + d2)
  for _ = 1, 200 do
    local middle = (low + high) / 2
    if distributions.incomplete_beta(middle, d1 / 2, d2 / 2) < p then low = middle else high = middle end
  end
  local x = (low + high) / 2
  return d2 * x / (d1 * (1 - x))
end

--- The ratio of two standard deviations with its interval: { ratio, low, high }, of normal values.
function inference.sd_ratio(a, b, confidence)
  a, b = descriptive.summary(a), descriptive.summary(b)
  if not a or not b or not a.sd or not b.sd or a.n < 2 or b.n < 2 or a.sd == 0 or b.sd == 0 then
    return nil
  end
  local ratio, tail = a.sd / b.sd, (1 - (confidence or 0.95)) / 2
  return { ratio = ratio, low = ratio / math.sqrt(f_quantile(1 - tail, a.n - 1, b.n - 1)),
    high = ratio / math.sqrt(f_quantile(tail, a.n - 1, b.n - 1)) }
end

--- Hedges' g (1981): the difference of means over the pooled standard deviation, corrected for few
--- runs; nil without spread.
function inference.hedges(a, b)
  a, b = descriptive.summary(a), descriptive.summary(b)
  if not a or not b or not a.sd or not b.sd then return nil end
  local df = a.n + b.n - 2
  if df < 2 then return nil end
  local sd = math.sqrt(((a.n - 1) * a.sd ^ 2 + (b.n - 1) * b.sd ^ 2) / df)
  return sd > 0 and (a.mean - b.mean) / sd * (1 - 3 / (4 * df - 1)) or nil
end

--- Holm's (1979) adjusted p-values of a family, in the order of the list. `m`: how many tests the
--- family has where not all are in the list; the others are taken for the least significant.
function inference.holm(list, m)
  local order, adjusted, most = {}, {}, 0
  for i = 1, #list do order[i] = i end
  table.sort(order, function(i, j)
    if list[i] ~= list[j] then return list[i] < list[j] end
    return i < j
  end)
  for rank, i in ipairs(order) do
    most = math.max(most, math.min(1, ((m or #list) - rank + 1) * list[i]))
    adjusted[i] = most
  end
  return adjusted
end

--- Two-sided exact p of a single value among `values`, taken for one more draw of the same kind; equals
--- count on both sides.
function inference.rank_p(values, value)
  if not descriptive.clean(values) or type(value) ~= "number" or value ~= value then return nil end
  local below, above = 1, 1
  for _, v in ipairs(values) do
    below, above = below + (v <= value and 1 or 0), above + (v >= value and 1 or 0)
  end
  return math.min(1, 2 * math.min(below, above) / (#values + 1))
end

return inference

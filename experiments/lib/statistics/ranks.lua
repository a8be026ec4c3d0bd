--- Tests by ranks: Mann-Whitney for two samples, Wilcoxon's signed ranks for pairs, with the shifts
--- of Hodges and Lehmann and their intervals. Infinite values are welcome: "never" is later than any
--- iteration. nil for empty lists and NaN. Scripts take these functions from stats.lua.
---
--- Exact for samples below 50 without ties, else the normal approximation with corrections for ties
--- and continuity: as R's wilcox.test does.
local ranks = {}

local descriptive = require "statistics.descriptive"
local distributions = require "statistics.distributions"

local EXACT_BELOW = 50

--- Ranks from 1, the mean rank for equals, in the order of the values; and the sum of t^3 - t over
--- groups of t equals.
local function midranks(values)
  local order, rank, ties = {}, {}, 0
  for i = 1, #values do order[i] = i end
  table.sort(order, function(a, b) return values[a] < values[b] end)
  local i = 1
  while i <= #order do
    local j = i
    while j < #order and values[order[j + 1]] == values[order[i]] do j = j + 1 end
    for k = i, j do rank[order[k]] = (i + j) / 2 end
    local t = j - i + 1
    ties, i = ties + t ^ 3 - t, j + 1
  end
  return rank, ties
end

--- Running shares of counts[0..last]: the distribution function.
local function cumulative(counts, last)
  local total, sum, cdf = 0, 0, {}
  for u = 0, last do total = total + (counts[u] or 0) end
  for u = 0, last do
    sum = sum + (counts[u] or 0)
    cdf[u] = sum / total
  end
  return cdf
end

--- P(U <= u) for samples of m and n: how many choices of m ranks out of m + n have each sum.
local function mann_whitney_cdf(m, n)
  local base, last = m * (m + 1) // 2, m * n
  local counts = { [0] = { [0] = 1 } }
  for j = 1, m do counts[j] = {} end
  for rank = 1, m + n do
    for j = math.min(rank, m), 1, -1 do
      local from, to = counts[j - 1], counts[j]
      for sum, count in pairs(from) do
        if sum + rank <= base + last then to[sum + rank] = (to[sum + rank] or 0) + count end
      end
    end
  end
  local shifted = {}
  for sum, count in pairs(counts[m]) do shifted[sum - base] = count end
  return cumulative(shifted, last)
end

--- P(V <= v) for n pairs: how many subsets of the ranks have each sum.
local function signed_cdf(n)
  local last, counts = n * (n + 1) // 2, { [0] = 1 }
  for rank = 1, n do
    for sum = last, rank, -1 do
      counts[sum] = (counts[sum] or 0) + (counts[sum - rank] or 0)
    end
  end
  return cumulative(counts, last)
end

local function two_sided(statistic, last, cdf)
  local at_most = cdf[statistic]
  local at_least = 1 - (statistic > 0 and cdf[statistic - 1] or 0)
  return math.min(1, 2 * math.min(at_most, at_least))
end

--- The normal approximation; no spread at all, as among equals only, says nothing.
local function approximate(difference, variance)
  if variance <= 0 then return 1.0 end
  local z = math.max(0, math.abs(difference) - 0.5) / math.sqrt(variance)
  return math.min(1, 2 * distributions.normal_cdf(-z))
end

--- Median and interval of the sorted differences, the k-th from both ends.
local function shift(differences, k)
  if not descriptive.clean(differences) then return nil end
  table.sort(differences)
  k = math.max(1, k)
  return descriptive.median(differences), differences[k], differences[#differences - k + 1]
end

local function first_at(cdf, p)
  local u = 0
  while cdf[u] < p do u = u + 1 end
  return u
end

--- The chance that a value of x is below one of y, equals counted half.
function ranks.superiority(x, y)
  if not descriptive.clean(x) or not descriptive.clean(y) then return nil end
  local below = 0
  for _, a in ipairs(x) do
    for _, b in ipairs(y) do below = below + (a < b and 1 or a == b and 0.5 or 0) end
  end
  return below / (#x * #y)
end

--- Does x tend to be smaller or larger than y? { u, p, superiority, shift, low, high, exact }: U of
--- x, two-sided p; the chance that a value of x is below one of y; the median of all differences
--- x - y with its interval (nil where infinite values have no difference). Options: confidence (0.95).
function ranks.mann_whitney(x, y, options)
  if not descriptive.clean(x) or not descriptive.clean(y) then return nil end
  local m, n = #x, #y
  local all = table.move(y, 1, n, m + 1, table.move(x, 1, m, 1, {}))
  local rank, ties = midranks(all)
  local sum = 0
  for i = 1, m do sum = sum + rank[i] end
  local u = sum - m * (m + 1) / 2
  local exact = ties == 0 and m < EXACT_BELOW and n < EXACT_BELOW
  local tail = (1 - (options and options.confidence or 0.95)) / 2
  local variance = m * n / 12 * (m + n + 1 - ties / math.max(1, (m + n) * (m + n - 1)))
  local p, k
  if exact then
    local cdf = mann_whitney_cdf(m, n)
    p, k = two_sided(math.tointeger(u), m * n, cdf), first_at(cdf, tail)
  else
    p = approximate(u - m * n / 2, variance)
    k = math.floor(m * n / 2 + distributions.normal_quantile(tail) * math.sqrt(variance))
  end
  local differences = {}
  for _, a in ipairs(x) do
    for _, b in ipairs(y) do differences[#differences + 1] = a - b end
  end
  local middle, low, high = shift(differences, k)
  return { u = u, p = p, superiority = ranks.superiority(x, y), shift = middle, low = low,
    high = high, exact = exact }
end

--- Are the differences (one a pair) symmetric about 0? { v, p, shift, low, high, exact, n }: the sum
--- of the positive ranks, two-sided p, the pseudo-median with its interval. Differences of 0 are
--- left out, as Wilcoxon did; nil if none is left.
function ranks.signed_ranks(differences, options)
  if not descriptive.clean(differences) then return nil end
  local kept, sizes = {}, {}
  for _, d in ipairs(differences) do
    if d ~= 0 then kept[#kept + 1], sizes[#sizes + 1] = d, math.abs(d) end
  end
  local n = #kept
  if n == 0 then return nil end
  local rank, ties = midranks(sizes)
  local v = 0
  for i, d in ipairs(kept) do
    if d > 0 then v = v + rank[i] end
  end
  local exact = ties == 0 and n == #differences and n < EXACT_BELOW
  local tail = (1 - (options and options.confidence or 0.95)) / 2
  local middle, variance = n * (n + 1) / 4, n * (n + 1) * (2 * n + 1) / 24 - ties / 48
  local p, k
  if exact then
    local cdf = signed_cdf(n)
    p, k = two_sided(math.tointeger(v), n * (n + 1) // 2, cdf), first_at(cdf, tail)
  else
    p = approximate(v - middle, variance)
    k = math.floor(middle + distributions.normal_quantile(tail) * math.sqrt(math.max(0, variance)))
  end
  local walsh = {}
  for i = 1, n do
    for j = i, n do walsh[#walsh + 1] = (kept[i] + kept[j]) / 2 end
  end
  local centre, low, high = shift(walsh, k)
  return { v = v, p = p, shift = centre, low = low, high = high, exact = exact, n = n }
end

return ranks

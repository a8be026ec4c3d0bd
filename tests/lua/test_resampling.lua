-- Ranks and resampling. Reference values: R 4.2.2, unless another source is named.
local check, stats = require "check", require "statistics.stats"
local test, same, near = check.test, check.same, check.near

test("stats.mann_whitney, exact: the example of R's help page wilcox.test", function()
  -- Hollander and Wolfe (1973), 69f.: permeability; wilcox.test(x, y, conf.int = TRUE)
  local w = stats.mann_whitney({ 0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46 },
    { 1.15, 0.88, 0.90, 0.74, 1.21 })
  same(w.exact, true)
  near(w.u, 35)
  near(w.p, 0.254412254412254, 1e-14)
  near(w.shift, 0.305)
  near(w.low, -0.15)
  near(w.high, 0.76)
  near(w.superiority, 1 - 35 / 50)
  -- wilcox.test(c(1.1, 2.2, 3.3, 4.4, 5.5), c(6.6, 7.7, 8.8, 9.9, 11))
  near(stats.mann_whitney({ 1.1, 2.2, 3.3, 4.4, 5.5 }, { 6.6, 7.7, 8.8, 9.9, 11 }).p, 2 / 252)
end)

test("stats.mann_whitney with ties: wilcox.test(extra ~ group, sleep)", function()
  local w = stats.mann_whitney({ 0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0 },
    { 1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4 })
  same(w.exact, false)
  near(w.u, 25.5)
  near(w.p, 0.0693275754336266, 1e-14)
end)

test("stats.mann_whitney: never is later than any time; equals say nothing", function()
  local never = math.huge
  local w = stats.mann_whitney({ 100, 200, never }, { 300, never, never })
  near(w.superiority, (3 + 3 + 1) / 9)
  same(w.shift, nil)
  same(stats.mann_whitney({ 1, 1 }, { 1, 1, 1 }).p, 1.0)
  same(stats.mann_whitney({}, { 1 }), nil)
  same(stats.mann_whitney({ 0 / 0 }, { 1 }), nil)
end)

test("stats.signed_ranks: the example of R's help page wilcox.test", function()
  -- Hollander and Wolfe (1973), 29f.: depression scale; wilcox.test(x, y, paired = TRUE,
  -- conf.int = TRUE)
  local x = { 1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30 }
  local y = { 0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29 }
  local w = stats.paired(x, y).ranks
  same(w.exact, true)
  near(w.v, 40)
  near(w.p, 0.0390625)
  near(w.shift, 0.46)
  near(w.low, 0.01)
  near(w.high, 0.786)
  same(stats.signed_ranks { 0, 0 }, nil)
  same(stats.signed_ranks { 1, -1 }.p, 1)
end)

test("stats.random: SplitMix64's reference numbers for seed 1234567", function()
  -- Rosetta Code, "Pseudo-random numbers/Splitmix64"
  local random = stats.random(1234567)
  for _, wanted in ipairs { "6457827717110365317", "3203168211198807973", "9817491932198370423",
    "4593380528125082431", "16408922859458223821" } do
    local bits = random:bits()
    local high = bits >> 1
    same(("%d%d"):format(high // 5, bits - high // 5 * 10), wanted)
  end
  local counts = { 0, 0, 0 }
  for _ = 1, 30000 do
    local i = random:index(3)
    counts[i] = counts[i] + 1
  end
  for i = 1, 3 do near(counts[i], 10000, 300) end -- 3.7 standard deviations
end)

local function variance(x)
  local mean, squares = stats.mean(x), 0
  for _, value in ipairs(x) do squares = squares + (value - mean) ^ 2 end
  return squares / #x
end

test("stats.bootstrap: Efron and Tibshirani's spatial test data, variance, 90 %", function()
  -- An Introduction to the Bootstrap (1993), tables 14.1 and 14.2: percentile 100.8 to 233.9, BCa
  -- 115.8 to 259.6 from 2,000 draws; from 100,000 by R's boot 1.3-28.1: 98.0 to 235.2, 115.9 to 261.5
  local a = { 48, 36, 20, 29, 42, 42, 20, 42, 22, 41, 45, 14, 6, 0, 33, 28, 34, 4, 32, 24, 47, 41,
    24, 26, 30, 41 }
  local bca = stats.bootstrap(variance, { a }, { confidence = 0.9 })
  near(bca.estimate, 171.534, 1e-3)
  near(bca.low, 115.9, 2.5)
  near(bca.high, 261.5, 2.5)
  local percentile = stats.bootstrap(variance, { a }, { confidence = 0.9, method = "percentile" })
  near(percentile.low, 98.0, 2.5)
  near(percentile.high, 235.2, 2.5)
  same(stats.bootstrap(variance, { a }, { confidence = 0.9 }), bca) -- the same digits each time
end)

test("stats.bootstrap: values without spread give a point, none give nil", function()
  local b = stats.bootstrap(stats.mean, { { 3, 3, 3 } }, { draws = 100 })
  same({ b.low, b.high }, { 3.0, 3.0 })
  same(stats.bootstrap(stats.mean, { {} }), nil)
  same(stats.bootstrap(stats.mean, {}), nil)
  same(stats.bootstrap(stats.mean, { { 0 / 0 } }), nil)
  same(stats.bootstrap(stats.sd, { { 1 } }), nil)
end)

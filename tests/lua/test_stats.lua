local check, stats = require "check", require "statistics.stats"
local test, same, near = check.test, check.same, check.near

test("stats of an empty list are nil", function()
  for _, name in ipairs { "min", "max", "mean", "sd", "median" } do same(stats[name] {}, nil) end
  same(stats.sd { 1 }, nil)
  same(stats.wilson(0, 0), nil)
  same(stats.mean { 1, 0 / 0 }, nil)
  same(stats.median { 0 / 0 }, nil)
  same(stats.max { 0 / 0, 1 }, nil)
  same(stats.mean { 1 / 0, -1 / 0 }, nil)
end)

test("stats.mean and sd: NIST StRD data set NumAcc1, and by hand", function()
  -- NumAcc1: 10000001, 10000003, 10000002; certified mean 10000002, sd 1
  near(stats.mean { 10000001, 10000003, 10000002 }, 10000002)
  near(stats.sd { 10000001, 10000003, 10000002 }, 1)
  -- sum of squares 32 about the mean 5 (the example of Wikipedia's "Standard deviation"), n - 1 = 7
  near(stats.sd { 2, 4, 4, 4, 5, 5, 7, 9 }, math.sqrt(32 / 7))
end)

test("stats.min and max", function()
  same(stats.min { 3, -1, 2 }, -1)
  same(stats.max { 3, -1, 2 }, 3)
end)

test("stats.quantile: type 7, as R's quantile(c(1,2,3,4,10), ...)", function()
  local x = { 10, 1, 3, 2, 4 }
  near(stats.quantile(x, 0), 1)
  near(stats.quantile(x, 0.1), 1.4)
  near(stats.quantile(x, 0.25), 2)
  near(stats.quantile(x, 0.9), 7.6)
  near(stats.quantile(x, 1), 10)
  same(x[1], 10) -- the list given is not sorted in place
  near(stats.median { 1, 2, 3, 10 }, 2.5)
end)

test("stats.wilson: Newcombe, Statistics in Medicine 17 (1998), table I, method 3", function()
  for _, row in ipairs { { 81, 263, 0.2553, 0.3662 }, { 15, 148, 0.0624, 0.1605 },
    { 0, 20, 0, 0.1611 }, { 1, 29, 0.0061, 0.1718 } } do
    local low, high = stats.wilson(row[1], row[2])
    near(low, row[3], 5e-5)
    near(high, row[4], 5e-5)
  end
  local low, high = stats.wilson(20, 20)
  near(low, 1 - 0.1611, 5e-5)
  same(high, 1.0)
end)

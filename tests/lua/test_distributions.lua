-- Reference values: R 4.2.2, by the calls named with them.
local check, stats = require "check", require "statistics.stats"
local test, same = check.test, check.same

local function relative(got, wanted, tolerance)
  if type(got) ~= "number" or not (math.abs(got - wanted) <= tolerance * math.abs(wanted)) then
    error(("is %.17g, should be %.17g"):format(got or 0 / 0, wanted), 2)
  end
end

test("stats.incomplete_beta: R's pbeta(x, a, b)", function()
  for _, row in ipairs {
    { 0.5, 2, 3, 0.6875 }, { 0.01, 0.5, 0.5, 0.0637685608585198 },
    { 0.99, 0.5, 0.5, 0.93623143914148 }, { 1e-6, 0.5, 20, 0.00501479574438048 },
    { 0.3, 100, 200, 0.10884306564491 }, { 0.35, 100, 200, 0.732571464957544 },
    { 0.5, 1e5, 1e5, 0.5 }, { 0.501, 1e5, 1e5, 0.814453255442443 },
    { 0.2, 1e-3, 5, 0.999783445646428 }, { 0.999999, 30, 0.02, 0.179135109708584 },
    { 0.04, 1e4, 2.5e5, 0.999972268614994 }, { 1e-10, 2, 3, 5.9999999992e-20 },
    { 0.7, 1, 1, 0.7 }, { 0.1, 50, 2, 4.6e-49 } } do
    relative(stats.incomplete_beta(row[1], row[2], row[3]), row[4], 1e-11)
  end
  same(stats.incomplete_beta(0, 2, 3), 0.0)
  same(stats.incomplete_beta(1, 2, 3), 1.0)
end)

test("stats.log_gamma: factorials and the square root of pi", function()
  relative(stats.log_gamma(0.5), math.log(math.pi) / 2, 1e-14)
  relative(stats.log_gamma(0.25), 1.2880225246980774, 1e-14) -- R's lgamma(0.25)
  local log = 0
  for n = 1, 30 do
    log = log + math.log(n)
    if n > 1 then relative(stats.log_gamma(n + 1), log, 1e-14) end
  end
end)

test("stats.t_cdf: R's pt(t, df)", function()
  for _, row in ipairs {
    { 2, 1, 0.852416382349567 }, { -2, 1, 0.147583617650433 }, { 2.5, 3.7, 0.964088988544087 },
    { -30, 4, 3.67642804883066e-06 }, { -5, 50, 3.7166061236163e-06 },
    { 1e-8, 7, 0.500000003849914 }, { 1.96, 1e6, 0.975001966207365 },
    { 1.96, 1e9, 0.975002104713135 }, { -1e10, 2, 5e-21 }, { -8, 200, 4.93960045466535e-14 },
    { 0.3, 0.5, 0.577570423934755 } } do
    relative(stats.t_cdf(row[1], row[2]), row[3], 1e-13)
  end
  same(stats.t_cdf(0, 5), 0.5)
  same(stats.t_cdf(-math.huge, 5), 0.0)
  relative(stats.t_cdf(1.96, math.huge), stats.normal_cdf(1.96), 1e-15)
end)

test("stats.t_quantile: R's qt(p, df)", function()
  for _, row in ipairs {
    { 0.975, 4, 2.77644510519779 }, { 0.95, 8, 1.8595480375309 }, { 0.975, 1, 12.7062047361747 },
    { 0.025, 5.33, -2.52344152615322 }, { 0.999, 2.2, 17.8936118396266 },
    { 1e-6, 10, -9.75199549094058 }, { 0.975, 1e7, 1.9599642217672 },
    { 0.6, 30, 0.255605364951913 }, { 1e-12, 1.5, -52194694.2734464 } } do
    relative(stats.t_quantile(row[1], row[2]), row[3], 1e-12)
  end
  same(stats.t_quantile(0.5, 3), 0.0)
  same(stats.t_quantile(0, 3), -math.huge)
  same(stats.t_quantile(1, 3), math.huge)
end)

test("stats.normal_cdf and normal_quantile: R's pnorm, qnorm", function()
  for _, row in ipairs { { -1, 0.158655253931457 }, { 1.96, 0.97500210485178 },
    { -6, 9.86587645037698e-10 }, { -10, 7.61985302416053e-24 }, { -20, 2.75362411860623e-89 },
    { 3, 0.99865010196837 }, { 5.5, 0.999999981010438 } } do
    relative(stats.normal_cdf(row[1]), row[2], 1e-13)
  end
  for _, row in ipairs { { 0.975, 1.95996398454005 }, { 1e-10, -6.36134090240406 },
    { 0.9, 1.2815515655446 }, { 1e-100, -21.2734535609653 } } do
    relative(stats.normal_quantile(row[1]), row[2], 1e-13)
  end
end)

test("distributions: arguments out of range give nil", function()
  local nan = 0 / 0
  same(stats.incomplete_beta(2, 1, 1), nil)
  same(stats.incomplete_beta(0.5, 0, 1), nil)
  same(stats.incomplete_beta(nan, 1, 1), nil)
  same(stats.t_cdf(nan, 3), nil)
  same(stats.t_cdf(1, 0), nil)
  same(stats.t_quantile(1.5, 3), nil)
  same(stats.t_quantile(0.5, nan), nil)
  same(stats.normal_cdf(nan), nil)
  same(stats.normal_quantile(-0.1), nil)
  same(stats.log_gamma(0), nil)
end)

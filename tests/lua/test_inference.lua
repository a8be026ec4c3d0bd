-- Reference values: R 4.2.2, by the calls named with them, unless another source is named.
local check, stats = require "check", require "statistics.stats"
local test, same, near = check.test, check.same, check.near

-- R's data set sleep (Student 1908): hours gained by ten patients from two drugs.
local drug1 = { 0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0 }
local drug2 = { 1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4 }

test("stats.welch: t.test(extra ~ group, sleep)", function()
  local w = stats.welch(drug1, drug2)
  near(w.t, -1.86081346748685, 1e-12)
  near(w.df, 17.7764735161785, 1e-11)
  near(w.p, 0.0793941401873582, 1e-13)
  near(w.low, -3.36548323071171, 1e-11)
  near(w.high, 0.205483230711710, 1e-11)
end)

test("stats.welch from the published rows of Table 1, 32 hidden units", function()
  -- se, df and p by the formulas of Welch and Satterthwaite typed into R
  local w = stats.welch({ n = 5, mean = 0.8845, sd = 0.0060 }, { n = 5, mean = 0.8956, sd = 0.0052 })
  near(w.se, 0.00355077456338754, 1e-15)
  near(w.df, 7.84158815952315, 1e-11)
  near(w.p, 0.0144559698761828, 1e-12)
  near(w.low, -0.0193169825461625, 1e-13)
  near(w.high, -0.00288301745383753, 1e-13)
end)

test("stats.equivalence: t.test(drug1, drug2, mu = -4, alternative = 'greater') and its mirror", function()
  local t = stats.equivalence(stats.welch(drug1, drug2), 4)
  near(t.p_below, 5.36162410315912e-03, 1e-13)
  near(t.p_above, 1.90040568341307e-06, 1e-15)
  same(t.p, t.p_below)
  same(t.equivalent, true)
  near(t.low, -3.05338149733161, 1e-11) -- t.test(..., conf.level = 0.9)
  near(t.high, -0.106618502668394, 1e-11)
  same(stats.equivalence(stats.welch(drug1, drug2), 3).equivalent, false) -- the 90 % interval goes below -3
end)

test("stats.contrast: the weights of means, with Welch's degrees of freedom", function()
  -- the gap of two rows whose sd the paper gives as 0.79 for five runs
  local a, b = { n = 5, mean = 0.8845, sd = 0.0060 }, { n = 5, mean = 0.8956, sd = 0.0052 }
  near(stats.contrast({ { 1, a }, { -1, b } }).se, 0.0079 / math.sqrt(5), 2e-5)
  local four = stats.contrast { { 1, a }, { -1, b }, { -1, a }, { 1, b } }
  near(four.difference, 0, 1e-15)
  near(four.se, math.sqrt(2) * stats.welch(a, b).se, 1e-15)
  near(four.df, 2 * stats.welch(a, b).df, 1e-9)
end)

test("stats.paired: t.test(drug1, drug2, paired = TRUE)", function()
  local w = stats.paired(drug1, drug2)
  same(w.n, 10)
  near(w.mean, -1.58)
  near(w.t, -4.06212768338204, 1e-12)
  near(w.p, 0.00283289019738427, 1e-13)
  near(w.low, -2.45988576327698, 1e-12)
  near(w.high, -0.700114236723018, 1e-12)
  near(w.ranks.p, 0.00909069801592632, 1e-14) -- wilcox.test(..., paired = TRUE): ties and a zero
end)

test("stats.paired leaves out pairs with a missing half, and says so", function()
  local w = stats.paired({ 1, 0 / 0, 3, 5 }, { 2, 2, 2, 2 })
  same(w.n, 3)
  same(w.missing, 1)
  near(w.mean, 1)
  same(stats.paired({ 1, 2 }, { 1 }), nil)
  same(stats.paired({ 1, 0 / 0 }, { 1, 2 }), nil)
end)

test("stats.wilson: prop.test(k, n, correct = FALSE)$conf.int", function()
  local low, high = stats.wilson(7, 20)
  near(low, 0.181191824101082, 1e-13)
  near(high, 0.567145723314764, 1e-13)
  low, high = stats.wilson(19, 20, stats.normal_quantile(0.95)) -- conf.level = 0.9
  near(low, 0.803992763225984, 1e-13)
  near(high, 0.988765183149148, 1e-13)
end)

test("inference: samples that say nothing give nil, samples without spread a point", function()
  local nan = 0 / 0
  for _, bad in ipairs { {}, { 1 }, { nan, 1 }, { 1, 1 / 0 }, { n = 0, mean = 1, sd = 1 },
    { n = 5, mean = nan, sd = 1 }, { n = 5, mean = 1, sd = -1 }, { n = 5, mean = 1 } } do
    same(stats.welch(bad, drug1), nil)
    same(stats.equivalence(stats.welch(drug1, bad), 1), nil)
  end
  local same_values = stats.welch({ 2, 2 }, { 2, 2, 2 })
  same({ same_values.p, same_values.low, same_values.high }, { 1.0, 0.0, 0.0 })
  same(stats.welch({ 2, 2 }, { 3, 3 }).p, 0.0)
  same(stats.equivalence(stats.welch({ 2, 2 }, { 3, 3 }), 0.5).equivalent, false)
  same(stats.equivalence(stats.welch({ 2, 2 }, { 2, 2 }), 0.5).equivalent, true)
  same(stats.equivalence(stats.welch(drug1, drug2), nan), nil)
  same(stats.wilson(3, 2), nil)
end)

test("inference: exact binomial tails and intervals", function()
  near(stats.binomial_upper(19, 20, 0.8), 0.06917529, 1e-8) -- R: 1 - pbinom(18, 20, .8)
  near(stats.binomial_lower(0, 10, 0.8), 0.2 ^ 10, 1e-15)
  same({ stats.binomial_upper(0, 5, 0.3), stats.binomial_upper(6, 5, 0.3) }, { 1.0, 0.0 })
  local low, high = stats.clopper_pearson(8, 10) -- R: binom.test(8, 10)
  near(low, 0.4439045, 1e-7)
  near(high, 0.9747893, 1e-7)
  low, high = stats.clopper_pearson(0, 10)
  same(low, 0.0)
  near(high, 0.3084971, 1e-7)
  same(stats.clopper_pearson(3, 2), nil)
end)

test("inference: Holm's adjustment, also of a family with members to come", function()
  local p = stats.holm { 0.01, 0.04, 0.03, 0.005 } -- R: p.adjust(p, "holm")
  for i, value in ipairs { 0.03, 0.06, 0.06, 0.02 } do near(p[i], value, 1e-15) end
  near(stats.holm({ 0.01 }, 4)[1], 0.04, 1e-15)
  same(stats.holm {}, {})
end)

test("inference: ratio of standard deviations, Hedges' g, rank of one value", function()
  local r = stats.sd_ratio({ n = 5, mean = 0, sd = 2 }, { n = 5, mean = 0, sd = 1 })
  near(r.low, 2 / math.sqrt(9.604530), 1e-6) -- R: qf(.975, 4, 4)
  near(r.high, 2 * math.sqrt(9.604530), 1e-5)
  near(stats.hedges({ n = 5, mean = 1, sd = 1 }, { n = 5, mean = 0, sd = 1 }), 1 - 3 / 31, 1e-15)
  near(stats.rank_p({ 1, 2, 3, 4 }, 10), 2 / 5)
  near(stats.rank_p({ 1, 2, 3, 4 }, 2.5), 1)
  same(stats.rank_p({}, 1), nil)
end)

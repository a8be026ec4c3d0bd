local check, claims = require "check", require "verdicts.claims"
local power = require "verdicts.power"
local scoreboard, verdict = require "verdicts.scoreboard", require "verdicts.verdict"
local test, same, near = check.test, check.same, check.near

--- The verdict on one claim by itself: no family.
local function judge(id, answer, barred)
  local claim = type(id) == "table" and id or claims.get(id)
  local alone = setmetatable({ family = false }, { __index = claim })
  return verdict.settle { verdict.measured(alone, answer, barred or false) }[1]
end

local function sample(...)
  return { values = { ... } }
end

--- Values of this mean and sd: as many on either side.
local function spread(mean, sd, n)
  local values = {}
  for i = 1, n do values[i] = mean + (i % 2 == 0 and 1 or -1) * sd * math.sqrt((n - 1) / n) end
  return { values = values }
end

--- `k` of `n` values at 1, the others at 0.
local function share(k, n)
  local values = {}
  for i = 1, n do values[i] = i <= k and 1 or 0 end
  return { values = values, runs = n }
end

test("verdict mean: replicated within the margin, by Welch and two one-sided tests", function()
  -- Table 1, Syn. RL 0 HU: 88.28 ± 0.41 (5 runs), margin 1 point. Ours 88.10 ± 0.41 (20 runs): in R
  -- 4.2.2, se = sqrt(.0041^2/5 + .0041^2/20), df by Satterthwaite 6.17, half width 0.0049830783
  local r = judge("table1.synaptic0.mean", spread(0.8810, 0.0041, 20))
  same({ r.word, r.side }, { "replicated" })
  near(r.ours, 0.8810)
  near(r.difference, -0.0018)
  near(r.low, 0.8810 - 0.0049830783, 1e-9)
  near(r.high, 0.8810 + 0.0049830783, 1e-9)
  same(r.n, 20)
end)

test("verdict mean: above, below, and neither", function()
  local above = judge("table1.descent0.mean", spread(0.8930, 0.0022, 6))
  same({ above.word, above.side }, { "not replicated", "above" })
  near(above.difference, 0.0288, 1e-9)
  local below = judge("table1.synaptic32.mean", spread(0.8600, 0.0060, 6))
  same({ below.word, below.side }, { "not replicated", "below" })
  same(judge("table1.synaptic32.mean", spread(0.8845, 0.0400, 6)).word, "undecided")
end)

test("verdict mean: networks that died stand out and are counted; runs that failed bar a replication", function()
  local answer = spread(0.8845, 0.004, 9)
  answer.runs, answer.dead = 10, 1
  local r = judge("table1.synaptic32.mean", answer)
  same({ r.word, r.n, r.missing }, { "replicated", 9, 0 })
  check.contains(r.note, "1 of 10 runs died")
  answer.runs, answer.dead = 10, nil
  r = judge("table1.synaptic32.mean", answer)
  same({ r.word, r.missing }, { "undecided", 1 })
  check.contains(r.note, "1 of 10 runs gave no value")
end)

test("verdict: one run, or none with a value, is no ground to judge on", function()
  same(judge("table1.synaptic0.mean", sample(0.9)).word, "undecided")
  same(judge("table1.synaptic0.mean", { values = {}, runs = 3 }).word, "undecided")
  same(judge("par.0", sample(0.1)).word, "undecided")
  same(judge("figure1.convergence", { values = {}, runs = 0 }).word, "not run")
  same(judge("table1.synaptic0.params", { values = {}, runs = 2 }).word, "not run")
  same(judge("figure1.loss", nil).word, "not run")
  same(judge("transfer.tasks", { cases = {} }).word, "not run")
end)

test("verdict rank: where the published run stands among ours", function()
  local inside = judge("figure1.accuracy", spread(0.959, 0.003, 100))
  same(inside.word, "compatible")
  local far = judge("figure2.accuracy", spread(0.993, 0.003, 99))
  same(far.word, "outside")
  near(far.p_against, 2 * 1 / 100) -- the smallest that 99 runs can give
  check.contains(far.note, "99 of 99 of our runs are at 97.7 % or above")
  same({ inside.edge, far.edge }, { false, false })
  local edge = verdict.settle { verdict.measured(claims.get "figure2.accuracy", spread(0.993, 0.003, 99), false) }[1]
  same({ edge.word, edge.edge }, { "compatible", true }) -- 8 * 0.02 among the eight of its family
end)

test("verdict share: exact binomial tests, failed runs counted in", function()
  -- R: binom.test(19, 20): 0.7512672 to 0.9987349; pbinom(18, 20, .8, lower.tail = FALSE) = 0.0691753
  local r = judge("figure1.convergence", share(19, 20))
  same(r.word, "undecided")
  near(r.low, 0.7512672, 1e-7)
  near(r.high, 0.9987349, 1e-7)
  near(r.p_for, 0.06917529, 1e-7)
  same(judge("figure1.convergence", share(20, 20)).word, "replicated")
  local fewer = share(19, 19)
  fewer.runs = 40
  same({ judge("figure1.convergence", fewer).word, judge("figure1.convergence", fewer).side },
    { "not replicated", "below" })
end)

test("verdict pairs: the sign test, even pairs apart, never reached as infinity", function()
  local won = { values = { 1, 2, 3, 4, 5, 6, 7 }, others = { 9, 9, 9, 9, 9, 9, 7 } }
  local r = judge("figure2.quickly", won)
  same(r.word, "replicated") -- 6 of 6: p = 2 / 64
  near(r.p_for, 2 / 64)
  check.contains(r.note, "6 pairs won, 0 lost, 1 even")
  same(judge("figure2.quickly", { values = won.others, others = won.values }).word, "not replicated")
  same(judge("figure2.quickly", { values = { math.huge, 1 }, others = { math.huge, 1 } }).word, "undecided")
end)

test("verdict gap: paired differences beside the published one, with Welch's interval and no test", function()
  local gap = judge("gap.0", spread(-0.0186, 0.002, 20))
  same({ gap.word, gap.side, gap.p_for, gap.p_against }, { "described" })
  -- R: se = sqrt(.0047^2/5 + .002^2/20), df by Satterthwaite 4.3640, qt(.975, df) = 2.6866
  near(gap.high - gap.ours, 2.6866 * math.sqrt(0.0047 ^ 2 / 5 + 0.002 ^ 2 / 20), 1e-5)
  same({ judge("gap.0", sample(0.1)).word, judge("gap.0", sample(0.1)).low }, { "described" })
end)

test("verdict noninferior: above the margin is enough; superiority is a remark", function()
  local better = judge("par.0", spread(0.03, 0.004, 10))
  same(better.word, "replicated")
  check.contains(better.note, "superior")
  check.contains(judge("par.0", spread(-0.01, 0.004, 10)).note, "inferior within the margin")
  same(judge("par.0", spread(-0.03, 0.004, 10)).word, "not replicated")
  same(judge("par.0", spread(-0.02, 0.004, 10)).word, "undecided")
end)

test("verdict cases: every case has to show it", function()
  local function case(name, k, n) return { name = name, threshold = 0.5, sample = share(k, n) } end
  local all = judge("transfer.tasks", { cases = { case("a", 14, 14), case("b", 40, 40) } })
  same({ all.word, all.shown, all.n }, { "replicated", "2 of 2 cases", 54 })
  local one = judge("transfer.tasks", { cases = { case("a", 14, 14), case("b", 12, 14) } })
  same({ one.word, one.shown }, { "undecided", "1 of 2 cases" })
  check.contains(one.note, "b: 12 of 14")
  same(judge("transfer.tasks", { cases = { case("a", 40, 40), case("none", 0, 0) } }).word, "undecided")
  same(judge("transfer.tasks", { cases = { case("a", 14, 14), case("b", 5, 14) } }).word, "not replicated")
end)

test("verdict exact, exhibit and described", function()
  same(judge("table1.synaptic32.params", sample(25450, 25450)).word, "replicated")
  local images = judge("images", sample(18724))
  same({ images.word, images.side, images.difference }, { "not replicated", "above", 4 })
  same({ judge("size", sample(0.9, 0.1)).word, judge("size", sample(0.9, 0.1)).shown },
    { "replicated", "1 of 2 runs" })
  same(judge("size", sample(0.1)).word, "not replicated")
  local time = judge("table1.synaptic0.runtime", sample(60, 48))
  same(time.word, "described")
  check.contains(time.note, "100 × ours")
  local sd = judge("table1.synaptic0.sd", spread(0.88, 0.0041, 4))
  check.contains(sd.note, "ratio to the published one 1.00 (95 % interval 0.32 to 3.89)") -- R: qf(.975, 3, 4) = 9.9792, qf(.975, 4, 3) = 15.101
  near(judge("table1.synaptic0.min", sample(0.7, 0.9)).ours, 0.7)
end)

test("verdict: families share an error rate by Holm's method, missing members counted", function()
  local function answered(list)
    local results = {}
    for i, item in ipairs(list) do results[i] = verdict.measured(claims.get(item[1]), item[2], false) end
    return verdict.settle(results)
  end
  -- six pairs of six are p = 1/32 alone; among the eight of the family that is not enough
  local won = { values = { 1, 2, 3, 4, 5, 6 }, others = { 9, 9, 9, 9, 9, 9 } }
  same(judge("figure2.quickly", won).word, "replicated")
  same(answered { { "figure2.quickly", won } }[1].word, "undecided")
  local both = answered { { "par.0", spread(0.03, 0.004, 10) }, { "fair.0", spread(0.0186, 0.002, 10) } }
  same({ both[1].word, both[2].word }, { "replicated", "replicated" })
  same(both[1].supported > both[1].p_for, true)
end)

test("power: exact for counts, by Student's t for means, small where the published spread is", function()
  near(power.of { judge = "share", n = 20, at_least = 0.8, plan = { share = 0.99 } }, 0.99 ^ 20, 1e-12)
  near(power.of { judge = "pairs", n = 6, plan = { share = 0.9 } }, 0.9 ^ 6, 1e-12)
  -- R: power of two one-sided tests, n = 10, sd = 0.02, delta = 0.01: t room 1.5811 - 1.8331 < 0
  same(power.of { judge = "noninferior", n = 10, delta = 0.02, plan = { sd = 0.004 } } > 0.999, true)
  same(power.of { judge = "mean", n = 3, delta = 0.001, plan = { sd = 0.01 },
    published = { sd = 0.01, n = 5 } }, 0.0)
  same(power.of { judge = "share", n = 13, at_least = 0.8, plan = { share = 1 } }, 0.0) -- 0.8^13 > 0.05
  same(power.enough({ at_least = 0.8 }, 1.0), 20) -- 0.8^14 < 0.05 is the first; in steps of ten
  same(power.enough({ at_least = 0.8 }, 0.5), 30)
  same(power.enough({ at_least = 0.8 }, 0.8), nil)
  near(power.of { judge = "share", n = 6, at_least = 0.9, level = 0.002, plan = { share = 0.1 } }, 0.9 ^ 6
    + 6 * 0.1 * 0.9 ^ 5, 1e-12) -- below: 5 of 6 failures are the fewest with p < 0.001
  near(power.of { judge = "cases", n = 6, at_least = 0.8, plan = { share = 0.99, n = 20 } }, 0.99 ^ 20, 1e-12)
  check.contains(judge("policy.boundaries", share(12, 20)).note, "runs would decide it by itself if the share is as seen")
  for _, claim in ipairs(claims.all()) do
    local p = power.of(claim)
    same(p == nil or p > 0 and p <= 1, true)
  end
end)

test("verdict: a second look is judged at its level, and what was undecided at first is said", function()
  local function looks(k, n)
    local results = {}
    for i, item in ipairs { { "policy.letters", share(12, 20) }, { "policy.letters.again", share(k, n) } } do
      results[i] = verdict.measured(claims.get(item[1]), item[2], false)
    end
    return verdict.settle(results)
  end
  local below = looks(60, 100)
  same({ below[1].word, below[2].word, below[2].side }, { "undecided at first", "not replicated", "below" })
  -- of 100 runs 89 have p = 0.0126, doubled by Holm: enough for 5 % and not for 1 %; R: 1 - pbinom(88, 100, .8)
  near(looks(89, 100)[2].p_for, 0.01257, 1e-5)
  same({ looks(89, 100)[2].word, looks(93, 100)[2].word }, { "undecided", "replicated" })
  same(looks(60, 100)[1].note:find "again" == nil, true)
  local alone = verdict.settle { verdict.measured(claims.get "policy.letters", share(12, 20), false) }
  same(alone[1].word, "undecided")
  check.contains(alone[1].note, "asks it again with fresh runs")
  local barred = verdict.settle { verdict.measured(claims.get "policy.letters", share(12, 20), false),
    verdict.measured(claims.get "policy.letters.again", share(60, 100), "quick profile: not judged") }
  same(barred[1].word, "undecided")
end)

test("verdict: stand-in images and the quick profile are not judged", function()
  local standin = judge("table1.synaptic0.mean", spread(0.9, 0.01, 6), "stand-in data: not compared")
  same({ standin.word, standin.ours, standin.low }, { "stand-in data: not compared", nil, nil })
  local quick = judge("table1.synaptic0.mean", spread(0.9, 0.01, 6), "quick profile: not judged")
  same({ quick.word, quick.side, quick.low }, { "quick profile: not judged", nil, nil })
  near(quick.ours, 0.9)
end)

test("verdict share: a loss reaches what it is at or below", function()
  local records = require "runs.records"
  local runs = {}
  for i, loss in ipairs { 0.12, 0.16, 0.17, 0.18 } do
    runs[i] = { status = "ended", spec = { task = "boundary" }, train = { loss = loss, accuracy = 0.9 } }
  end
  local claim = { id = "dl", judge = "share", threshold = 0.13, at_least = 0.5, metric = "m" }
  check.contains(judge(claim, records.sample(runs, "train.loss")).note, "1 of 4 runs")
  claim.threshold = 0.1
  check.contains(judge(claim, records.sample(runs, "train.loss")).note, "0 of 4 runs")
  claim.threshold = 0.9
  check.contains(judge(claim, records.sample(runs, "train.accuracy")).note, "4 of 4 runs")
  local published = judge("figure1.loss", records.sample(runs, "train.loss"))
  check.contains(published.note, "0 of 4 of our runs are at 0.004023 or below")
end)

test("verdict of a chapter's own claims: lower, par, over", function()
  local none = { values = {}, runs = 3 }
  check.contains(judge({ id = "l", judge = "lower", metric = "m" }, { a = none, b = none }).note, "never")
  local early, late = sample(100, 110, 120, 130, 140), sample(200, 210, 220, 230, 240)
  same(judge({ judge = "lower" }, { a = early, b = late }).word, "replicated")
  same(judge({ judge = "lower" }, { a = late, b = early }).word, "not replicated")
  same(judge({ judge = "lower" }, { a = early, b = early }).word, "undecided")
  same(judge({ judge = "par", delta = 1 }, { a = sample(1, 1.1, 0.9), b = sample(1, 1.1, 0.9) }).word,
    "replicated")
  same(judge({ judge = "over", published = 2 }, sample(3, 3)).word, "replicated")
  same(judge({ judge = "over", published = 4 }, sample(3, 3)).word, "not replicated")
  same(judge({ judge = "over", published = 2 }, sample(3)).word, "undecided") -- of one, nobody knows the spread
  same(judge({ judge = "over", published = 2 }, sample(3, math.huge)).word, "undecided")
  for _, how in ipairs { "over", "exact" } do -- while runs are missing nothing is shown
    same(judge({ judge = how, published = how == "over" and 2 or 3 }, { values = { 3, 3 }, runs = 3 }).word, "undecided")
  end
  local spread_out = judge({ judge = "over", published = 2 }, sample(1, 2, 3, 4))
  check.near(spread_out.p_for, 0.2475126730298555, 1e-9) -- SciPy: ttest_1samp
  same(spread_out.word, "undecided")
  same(judge({ judge = "over", published = 2 }, sample(5, 6, 7, 8)).word, "replicated")
  -- asked twice: p = 0.027
  local twice = sample(3.5, 4.6, 5.9, 4.2)
  same(judge({ judge = "over", published = 3 }, twice).word, "replicated")
  same(judge({ judge = "over", published = 3, looks = 2 }, twice).word, "undecided")
  local below = judge({ judge = "over", published = 9 }, sample(5, 6, 7, 8))
  same({ below.word, below.side }, { "not replicated", "below" })
end)

test("verdict of a chapter's own claims: a sample has no more values than runs", function()
  local own = require "verdicts.own_claims"
  check.fails("is no sample", own.checked, { id = "x", judge = "share" }, { values = { 1, 2 }, runs = 1 }, "chapter")
  own.checked({ id = "x", judge = "share" }, { values = { 1, 2 }, runs = 2 }, "chapter")
end)

test("records.paired: seed by seed, what is missing on either side left out and counted", function()
  local records = require "runs.records"
  local function run(seed, accuracy)
    return { status = "ended", spec = { task = "images", seed = seed }, validation = { accuracy = accuracy } }
  end
  local pair = records.paired({ run(2, 0.5), run(1, 0.25), run(7, 0.1) }, { run(1, 0.125), run(2, 0.25) },
    "validation.accuracy")
  same({ pair.values, pair.runs }, { { 0.25, 0.125 }, 2 })
end)

test("sample: a path that runs cannot have is told, with the nearest", function()
  local records = require "runs.records"
  local runs = { { spec = { task = "boundary" }, train = { accuracy = 0.9 } } }
  check.fails("did you mean 'train.accuracy'?", records.sample, runs, "train.acuracy")
  check.fails("only runs on images have validation.accuracy", records.sample, runs, "validation.accuracy")
  same(records.sample(nil, "train.loss"), nil)
end)

test("scoreboard: counts, words and the file", function()
  local results = { judge("table1.descent0.mean", spread(0.8930, 0.0022, 6)),
    judge("table1.descent0.params", sample(7850)), judge("images", sample(18724)),
    judge("figure1.convergence", share(2, 20)), judge("transfer.tasks", nil) }
  local page = scoreboard.overview(results, "abc1234")
  check.contains(page, "**Verdicts** on 5 claims of the paper: 1 replicated, 3 not replicated, 1 not run.")
  check.contains(page, "**not replicated**: 2.88 points above")
  check.contains(page, "**not replicated**: 4 above")
  check.contains(page, "**not replicated**: below 80")
  check.contains(page, "Table 1, Grad. Desc. 0 HU: parameters")
  check.contains(page, "`abc1234`")
  local csv = scoreboard.csv(results)
  check.contains(csv, "id,family,test,where,metric,published,published_sd,published_n,threshold,ours,ci_low,ci_high,margin,level,n,runs,missing,dead,p_for,"
    .. "p_against,holm_for,holm_against,verdict,note\n")
  check.contains(csv, "images,,exact,Section 3,labelled images in notMNIST small,18720,,,,18724,,,,,1,1,0,,,,,,"
    .. "not replicated above,\n")
  same(scoreboard.block {}, nil)
end)

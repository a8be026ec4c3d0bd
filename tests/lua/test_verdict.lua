local check, claims = require "check", require "verdicts.claims"
local scoreboard, verdict = require "verdicts.scoreboard", require "verdicts.verdict"
local test, same, near = check.test, check.same, check.near

local function judge(id, answer, barred)
  return verdict.of(claims.get(id), answer, barred or false)
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

test("verdict mean: reproduced within the margin, by Welch and two one-sided tests", function()
  -- Table 1, Syn. RL 0 HU: 88.28 ± 0.41 (5 runs), margin 1 point. Ours 88.10 ± 0.41 (20 runs): in R
  -- 4.2.2, se = sqrt(.0041^2/5 + .0041^2/20), df by Satterthwaite 6.17, half width 0.0049830783
  local r = judge("table1.synaptic0.mean", spread(0.8810, 0.0041, 20))
  same(r.word, "reproduced")
  near(r.ours, 0.8810)
  near(r.difference, -0.0018)
  near(r.low, 0.8810 - 0.0049830783, 1e-9)
  near(r.high, 0.8810 + 0.0049830783, 1e-9)
  same(r.n, 20)
end)

test("verdict mean: differs above and below, and inconclusive with what could have shown", function()
  local above = judge("table1.descent0.mean", spread(0.8930, 0.0022, 6))
  same({ above.word, above.side }, { "differs", "above" })
  near(above.difference, 0.0288, 1e-9)
  local below = judge("table1.synaptic32.mean", spread(0.8600, 0.0060, 6))
  same({ below.word, below.side }, { "differs", "below" })
  local open = judge("table1.synaptic32.mean", spread(0.8845, 0.0400, 6))
  same(open.word, "inconclusive")
  near(open.smallest, (open.high - open.low) / 2)
end)

test("verdict: while runs have no value nothing is reproduced, and they are named", function()
  local answer = spread(0.8828, 0.0041, 6)
  answer.runs = 7
  local r = judge("table1.synaptic0.mean", answer)
  same(r.word, "inconclusive")
  same(r.missing, 1)
  check.contains(r.note, "1 of 7 runs gave no value")
end)

test("verdict: one run, or none with a value, is no ground to judge on", function()
  for _, id in ipairs { "table1.synaptic0.mean", "table1.synaptic0.min", "table1.synaptic0.sd",
    "figure1.accuracy" } do
    same(judge(id, sample(0.9)).word, "inconclusive")
    local r = judge(id, { values = {}, runs = 3 })
    same({ r.word, r.ours, r.missing }, { "inconclusive", nil, 3 })
  end
  same(judge("gap.0", { a = sample(0.9), b = sample(0.8) }).word, "inconclusive")
  same(judge("figure1.convergence", { values = {}, runs = 0 }).word, "not run")
  same(judge("table1.synaptic0.params", { values = {}, runs = 2 }).word, "inconclusive")
  same(judge("figure1.loss", nil).word, "not run")
end)

test("verdict run: the published run as one more of ours", function()
  same(judge("figure1.accuracy", spread(0.959, 0.003, 20)).word, "reproduced")
  local scattered = judge("figure1.accuracy", spread(0.90, 0.08, 20))
  same(scattered.word, "inconclusive")
  near(scattered.smallest, 2.0930240544 * 0.08 * math.sqrt(1 + 1 / 20), 1e-9) -- R's qt(.975, 19)
  local far = judge("figure2.accuracy", spread(0.993, 0.003, 20))
  same({ far.word, far.side }, { "differs", "above" })
  check.contains(far.note, "20 of 20 of our runs are at 97.7 % or above")
end)

test("verdict statistic: minimum, maximum and sd as those of five runs", function()
  local ours = spread(0.8828, 0.0041, 20)
  same(judge("table1.synaptic0.sd", ours).word, "inconclusive") -- five runs tell little of an sd
  local wild = judge("table1.descent0.sd", spread(0.8642, 0.03, 20))
  same({ wild.word, wild.side }, { "differs", "above" })
  local low = judge("table1.synaptic0.min", spread(0.80, 0.004, 20))
  same({ low.word, low.side }, { "differs", "below" })
  check.contains(low.note, "0.0 % of all choices of 5 of our runs are as far out")
  same(judge("table1.synaptic0.max", spread(0.8870, 0.001, 20)).word, "reproduced")
end)

test("verdict gap and par: differences of two rows", function()
  local a, b = spread(0.8828, 0.001, 20), spread(0.8642, 0.001, 20)
  local gap = judge("gap.0", { a = a, b = b })
  same(gap.word, "reproduced")
  near(gap.ours, 0.0186)
  same(gap.n, 40)
  local other = judge("gap.0", { a = b, b = a })
  same({ other.word, other.side }, { "differs", "below" })
  same(judge("par.0", { a = a, b = spread(0.88, 0.001, 20) }).word, "reproduced")
  same(judge("par.0", { a = a, b = spread(0.91, 0.001, 20) }).word, "differs")
end)

test("verdict share: failed runs count, by Wilson's intervals", function()
  local values = {}
  for i = 1, 19 do values[i] = 0.99 end
  local r = judge("figure1.convergence", { values = values, runs = 20 })
  same(r.word, "reproduced") -- R's prop.test(19, 20, conf.level = 0.9, correct = FALSE): from 0.804
  near(r.ours, 0.95)
  same(judge("figure1.convergence", { values = values, runs = 22 }).word, "inconclusive")
  same(judge("figure1.convergence", { values = values, runs = 40 }).word, "differs")
  -- letters have a threshold of their own
  near(judge("transfer.tasks", { values = { 0.96 }, letters = { 0.86, 0.84 } }).ours, 2 / 3)
end)

test("verdict lower: quicker, slower, or no telling; runs that never get there come last", function()
  local early, late = sample(100, 110, 120, 130, 140), sample(200, 210, 220, 230, 240)
  same(judge("figure2.quickly", { a = early, b = late }).word, "reproduced")
  local slower = judge("figure2.quickly", { a = late, b = early })
  same(slower.word, "differs")
  same(judge("figure2.quickly", { a = early, b = early }).word, "inconclusive")
  local never = judge("figure2.quickly", { a = { values = {}, runs = 5 }, b = early })
  same(never.word, "differs")
  near(never.ours, 0)
  check.contains(never.note, "5 of 10 runs never get there")
end)

test("verdict: no interval leaves what the quantity can be", function()
  local wide = judge("table1.synaptic32.mean", spread(0.75, 0.3, 6))
  same(wide.word, "inconclusive")
  same(wide.high, 1)
  same(wide.smallest > 0.25, true) -- what is judged is the interval before it was cut
  same(judge("figure1.loss", spread(0.004, 0.006, 20)).low, 0)
  local gap = judge("gap.32", { a = spread(0.5, 0.5, 5), b = spread(0.9, 0.005, 5) })
  same(gap.low < -0.4, true)
end)

test("verdict exact, over and shown", function()
  same(judge("table1.synaptic32.params", sample(25450, 25450)).word, "reproduced")
  local images = judge("images", sample(18724))
  same({ images.word, images.side, images.difference }, { "differs", "above", 4 })
  same(judge("size", sample(25450)).word, "reproduced")
  same(judge("size", sample(7850)).word, "differs")
  same(judge("size", { values = { 7850 }, note = "others died" }).note, "others died")
  local time = judge("table1.synaptic0.runtime", sample(60, 48))
  same(time.word, "shown")
  check.contains(time.note, "100 × ours")
end)

test("verdict: stand-in images and the quick profile are not judged", function()
  local standin = judge("table1.synaptic0.mean", spread(0.9, 0.01, 6), "stand-in data: not compared")
  same({ standin.word, standin.ours, standin.low }, { "stand-in data: not compared", nil, nil })
  local quick = judge("table1.synaptic0.mean", spread(0.9, 0.01, 6), "quick profile: not judged")
  same({ quick.word, quick.side, quick.low }, { "quick profile: not judged", nil, nil })
  near(quick.ours, 0.9)
end)

test("verdict share and run: a loss reaches what it is at or below", function()
  local records = require "runs.records"
  local runs = {}
  for i, loss in ipairs { 0.12, 0.16, 0.17, 0.18 } do
    runs[i] = { status = "ended", spec = { task = "boundary" }, train = { loss = loss, accuracy = 0.9 } }
  end
  local claim = { id = "dl", judge = "share", threshold = 0.13, at_least = 0.5, metric = "m" }
  same(verdict.of(claim, records.sample(runs, "train.loss"), false).note, "1 of 4 runs")
  claim.threshold = 0.1
  same(verdict.of(claim, records.sample(runs, "train.loss"), false).note, "0 of 4 runs")
  claim.threshold = 0.9
  same(verdict.of(claim, records.sample(runs, "train.accuracy"), false).note, "4 of 4 runs")
  local published = judge("figure1.loss", records.sample(runs, "train.loss"))
  check.contains(published.note, "0 of 4 of our runs are at 0.004023 or below")
end)

test("verdict lower: where no run has a value it is never", function()
  local none = { values = {}, runs = 3 }
  local claim = { id = "l", judge = "lower", metric = "m" }
  check.contains(verdict.of(claim, { a = none, b = none }, false).note or "", "never")
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
    judge("figure1.convergence", sample(0.9, 0.9, 0.9, 0.9, 0.9, 0.9)),
    judge("transfer.tasks", nil) }
  local page = scoreboard.overview(results, "abc1234")
  check.contains(page, "**Verdicts** on 5 claims of the paper: 1 reproduced, 3 differ, 1 not run.")
  check.contains(page, "**differs**: 2.88 points above")
  check.contains(page, "**differs**: 4 above")
  check.contains(page, "**differs**: below 80.0 %")
  check.contains(page, "Table 1, Grad. Desc. 0 HU: parameters")
  check.contains(page, "`abc1234`")
  local csv = scoreboard.csv(results)
  check.contains(csv, "id,where,metric,published,ours,ci_low,ci_high,delta,n,verdict\n")
  check.contains(csv, 'images,Section 3,labelled images in notMNIST small,18720,18724,,,0,1,'
    .. "differs above\n")
  check.contains(csv, "transfer.tasks,Section 4,share of runs on other tasks at the threshold or "
    .. "above,,,,,,,not run\n")
  same(scoreboard.block {}, nil)
end)

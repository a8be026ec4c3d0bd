--- Verdicts: a claim of the paper and what we measured, to one of
---
---   reproduced     the margin holds: both one-sided tests pass, or the 90 % interval lies inside
---   differs        it does not, and the 95 % interval excludes the published value (above, below)
---   inconclusive   neither; `smallest` is the difference from which on these runs could have told
---   shown          the number belongs to a machine, so it stands there without a judgement
---   not judged, not compared, not run      quick profile; other images; no such chapter here
---
--- An answer to a claim is what a chapter measured for it: { values = {...}, runs = N }, one value a
--- run; runs without a value (failed, diverged to NaN) are counted by `runs`, and while there are any
--- nothing is called reproduced. Comparisons of two groups have { a = answer, b = answer }. How it
--- goes for each word of `judge` in paper/claims.lua:
---
---   mean       Welch's interval for the difference of means, published n, mean, sd against ours
---   run        one published run: taken for one more run of ours, by the prediction interval
---   statistic  min, max or sd of the published runs against those of as many new runs like ours, by
---              the prediction interval (resampling.lua); ours is its mean over subsets of our runs
---   gap, par   a minus b, against the published difference, or against none
---   share      share of runs at the threshold, failed ones counted in, by Wilson's intervals
---   lower      chance that a value of a is below one of b, by Mann-Whitney and a bootstrap interval,
---              both at 5 %; runs without a value come last
---   over       the number is larger than the published one
---   exact      every run has the published number
---
--- The interval of a verdict lies about ours and has the published value inside, or not, just as the
--- interval of the difference has 0.
local verdict = {}

local comparison = require "verdicts.comparison"
local claims = require "verdicts.claims"
local format = require "text.format"
local metrics = require "runs.metrics"
local stats = require "statistics.stats"

local SIGNIFICANT = 0.05

local function conclude(result, word, side)
  result.word, result.side = word, side
  return result
end

--- From the difference ours - published and its two intervals.
local function decide(result, claim, difference, inner, outer)
  local delta = claim.delta
  result.difference, result.smallest = difference, (outer[2] - outer[1]) / 2
  if result.missing == 0 and -delta < inner[1] and inner[2] < delta then
    return conclude(result, "reproduced")
  elseif outer[1] > 0 or outer[2] < 0 then
    return conclude(result, "differs", difference > 0 and "above" or "below")
  end
  return conclude(result, "inconclusive")
end

--- The same from an estimate of inference.lua; nil, as too few runs give, shows nothing.
local function by_estimate(result, claim, e, target)
  if not e then
    result.note = "too few runs to know their spread"
    return conclude(result, "inconclusive")
  end
  result.ours, result.low, result.high = target + e.difference, target + e.low, target + e.high
  return decide(result, claim, e.difference, { stats.interval(e, 1 - 2 * SIGNIFICANT) },
    { e.low, e.high })
end

local function beyond(values, published, n)
  local subsets = stats.subsets(values, n, stats.mean)
  if not subsets or #values <= n then return nil end
  return ("%s of all choices of %d of our runs have a mean as far out"):format(
    format.percent(stats.as_far(subsets, published)), n)
end

--- Does a value reach a threshold? Where the sample says what it measures (lab.sample), by that.
local function reaches(answer, value, threshold)
  if answer.metric then return metrics.reaches(answer.metric, value, threshold) end
  return value >= threshold
end

local judges = {}

function judges.mean(result, claim, answer)
  local published = claim.row.published
  result.note = beyond(answer.values, published.mean, published.n)
  result.ours = stats.mean(answer.values)
  return by_estimate(result, claim, stats.welch(answer.values, published), published.mean)
end

function judges.run(result, claim, answer)
  local reached, low = 0, answer.metric and answer.metric.better == "low"
  for _, value in ipairs(answer.values) do
    if reaches(answer, value, claim.published) then reached = reached + 1 end
  end
  result.note = ("%d of %d of our runs are at %s or %s"):format(reached, #answer.values,
    claims.show(claim, claim.published), low and "below" or "above")
  result.ours = stats.mean(answer.values)
  return by_estimate(result, claim, stats.single(answer.values, claim.published), claim.published)
end

function judges.statistic(result, claim, answer)
  local statistic, published, n = stats[claim.part], claim.published, claim.row.published.n
  local subsets = stats.subsets(answer.values, n, statistic)
  result.ours = subsets and stats.mean(subsets)
  local draws = stats.prediction(answer.values, n, statistic, { shift = claim.part ~= "sd" })
  if not draws then return by_estimate(result, claim, nil) end
  if #subsets > 1 then
    result.note = ("%s of all choices of %d of our runs are as far out"):format(
      format.percent(stats.as_far(subsets, published)), n)
  end
  table.sort(draws)
  local function at(p) return stats.quantile(draws, p) end
  result.low, result.high = at(SIGNIFICANT / 2), at(1 - SIGNIFICANT / 2)
  return decide(result, claim, result.ours - published,
    { at(SIGNIFICANT) - published, at(1 - SIGNIFICANT) - published },
    { result.low - published, result.high - published })
end

local function difference(answer)
  local a, b = stats.mean(answer.a.values), stats.mean(answer.b.values)
  return a and b and a - b
end

function judges.gap(result, claim, answer)
  local a, b = claims.get(claim.of[1]).published, claims.get(claim.of[2]).published
  result.ours = difference(answer)
  return by_estimate(result, claim, stats.contrast { { 1, answer.a.values },
    { -1, answer.b.values }, { -1, a }, { 1, b } }, a.mean - b.mean)
end

function judges.par(result, claim, answer)
  result.ours = difference(answer)
  return by_estimate(result, claim, stats.welch(answer.a.values, answer.b.values), 0)
end

function judges.share(result, claim, answer)
  local k = 0
  local function count(values, threshold)
    for _, value in ipairs(values or {}) do
      if reaches(answer, value, threshold) then k = k + 1 end
    end
  end
  count(answer.values, claim.threshold)
  count(answer.letters, claim.letters_threshold)
  local n = result.runs
  if n == 0 then return conclude(result, "not run") end
  result.ours, result.n, result.note = k / n, n, ("%d of %s"):format(k, format.counted(n, "run"))
  result.low, result.high = stats.wilson(k, n)
  local inner = stats.wilson(k, n, stats.normal_quantile(1 - SIGNIFICANT))
  return conclude(result, inner >= claim.at_least and "reproduced"
    or result.high < claim.at_least and "differs" or "inconclusive",
    result.high < claim.at_least and "below" or nil)
end

--- A time or a ratio, in a note.
local function plain_number(x)
  return (not x or x == math.huge) and "never" or x < 10 and format.fixed(x, 2) or format.count(x)
end

--- The values with infinity for every run that has none.
local function padded(answer)
  local list = table.move(answer.values, 1, #answer.values, 1, {})
  for i = #list + 1, answer.runs or #list do list[i] = math.huge end
  return list
end

function judges.lower(result, _, answer)
  local a, b = padded(answer.a), padded(answer.b)
  local test = stats.mann_whitney(a, b)
  if not test then return conclude(result, "not run") end
  local interval = stats.bootstrap(stats.superiority, { a, b }, { draws = 2000 })
  result.ours, result.low, result.high, result.n = test.superiority, interval.low, interval.high,
    #a + #b
  local medians = ("medians %s and %s"):format(plain_number(stats.median(a)),
    plain_number(stats.median(b)))
  result.note = ("%s, rank test p %s%s"):format(medians, test.p < 0.0005 and "below 0.0005"
    or "= " .. format.fixed(test.p, 3), result.missing > 0 and (", %d of %s never get there")
    :format(result.missing, format.counted(result.runs, "run")) or "")
  result.missing = 0
  if test.p >= SIGNIFICANT or interval.low <= 0.5 and interval.high >= 0.5 then
    return conclude(result, "inconclusive")
  end
  local so = test.superiority > 0.5
  return conclude(result, so and "reproduced" or "differs", not so and "below" or nil)
end

function judges.over(result, claim, answer)
  result.ours, result.note = stats.mean(answer.values), answer.note
  if not result.ours then return conclude(result, "not run") end
  result.difference = result.ours - claim.published
  local so = result.difference > 0
  return conclude(result, so and "reproduced" or "differs", not so and "below" or nil)
end

function judges.exact(result, claim, answer)
  local least, most = stats.min(answer.values), stats.max(answer.values)
  if not least then return conclude(result, "inconclusive") end
  result.ours = most > claim.published and most or least
  result.difference = result.ours - claim.published
  if result.difference == 0 then return conclude(result, "reproduced") end
  return conclude(result, "differs", result.difference > 0 and "above" or "below")
end

function judges.shown(result, claim, answer)
  result.ours = stats.mean(answer.values)
  if result.ours and result.ours > 0 and claim.published then
    local ratio = claim.published / result.ours
    result.note = ("published is %s × ours"):format(ratio < 10 and format.fixed(ratio, 1)
      or format.count(ratio))
  end
  return conclude(result, "shown")
end

-- ---- the whole ----------------------------------------------------------------------------------

local levels = { mean = true, run = true, statistic = true }

--- An interval by Student's t knows no bounds, but no accuracy lies outside 0 to 1 and no loss below
--- 0. What is judged is the interval before.
local function clip(result, claim)
  if not result.low or not levels[claim.judge] then return end
  result.low = math.max(result.low, 0)
  if claim.percent then result.high = math.min(result.high, 1) end
end

local function counts(answer)
  if answer.a then
    local values, runs = counts(answer.a)
    local more_values, more_runs = counts(answer.b)
    return values + more_values, runs + more_runs
  end
  local values = #answer.values + #(answer.letters or {})
  return values, answer.runs or values
end

--- The verdict on a claim: { claim, word, side, ours, low, high, n, runs, missing, difference,
--- smallest, note }. `answer` nil: no chapter of this page measured it. `barred`: why nothing may be
--- judged here, or false; by default comparison.lua is asked.
function verdict.of(claim, answer, barred)
  local result = { claim = claim }
  if not answer then return conclude(result, "not run") end
  local values, runs = counts(answer)
  result.n, result.runs, result.missing = values, runs, runs - values
  if barred == nil then barred = comparison.bars(claim.images) end
  if barred == comparison.STAND_IN or barred == comparison.OTHER then
    return conclude(result, barred)
  end
  judges[claim.judge](result, claim, answer)
  clip(result, claim)
  if result.missing > 0 then
    local missing = ("%d of %s gave no value"):format(result.missing, format.counted(runs, "run"))
    result.note = result.note and missing .. "; " .. result.note or missing
  end
  if barred then
    result.side, result.low, result.high = nil, nil, nil
    return conclude(result, barred)
  end
  return result
end

return verdict

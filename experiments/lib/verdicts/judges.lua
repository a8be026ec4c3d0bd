--- The tests: what a measured answer says for a claim and against it. Each takes (result, claim,
--- answer) and sets in the result
---
---   ours, low, high    the estimate with its 95 % interval, and low90, high90
---   p_for              p of the test whose rejection shows the claim
---   p_against          p of the test whose rejection shows that it does not hold, two-sided
---   below              of cases, those that are below what is asked
---   side               in which direction it would not hold: "above", "below"
---   note, shown        a remark; how `ours` is shown if not as a number of the claim
---   word               the verdict, of claims that need no test
---
--- All p-values are exact or from Student's t; none is drawn, so none moves with a seed.
---
---   mean         mean of our runs against the published mean of five: two one-sided tests at `delta`
---                (Schuirmann 1987) for, Welch's test against. Runs that died are left out and counted
---   gap          paired differences of two rows beside the published difference, described: with Welch's
---                interval
---   noninferior  paired differences: for, that the mean lies above -delta (Student's t, one-sided);
---                against, that it lies below
---   rank         one published run: the exact rank among ours, against
---   share        share of runs at the threshold: exact binomial tests of `at_least`
---   pairs        share of pairs won: the sign test
---   cases        every case by its own share: all of them must show it (for, the largest p: an
---                intersection-union test); against, the smallest p by Holm over the cases
---   exhibit      that it exists: at least one run
---   exact        every run has the published number
---   described    a number beside the published one, without a verdict
---
--- And for claims that a chapter makes itself (own_claims.lua), also
---
---   lower        chance that a value of a is below one of b: Mann and Whitney's test
---   par          mean of a minus mean of b against 0: two one-sided tests at `delta`, Welch's test
---   run          as rank
---   over         the mean is larger than the published number: Student's t, one-sided for and two-sided
---                against; of two or more equal values, as counts are, without a test
local judges = {}

local claims = require "verdicts.claims"
local format = require "text.format"
local metrics = require "runs.metrics"
local stats = require "statistics.stats"

--- P for a claim on a difference and p against it, from the estimate of that difference (inference.lua): two
--- one-sided tests and a two-sided one, or of non-inferiority a test on either side of -delta.
function judges.weigh(claim, e)
  if claim.judge ~= "noninferior" then return stats.equivalence(e, claim.delta).p, e.p end
  local function tail(distance) -- P(T >= distance / se)
    return e.se > 0 and stats.t_cdf(-distance / e.se, e.df) or (distance > 0 and 0.0 or 1.0)
  end
  return tail(e.difference + claim.delta), math.min(1, 2 * tail(-claim.delta - e.difference))
end

local function both_intervals(result, e, centre)
  result.ours = centre + e.difference
  result.low, result.high = centre + e.low, centre + e.high
  local low, high = stats.interval(e, 0.9)
  result.low90, result.high90 = centre + low, centre + high
end

--- From the estimate of a difference to `target`; nil, as too few runs give, shows nothing.
local function equivalence(result, claim, e, target)
  if not e then
    result.note = "too few runs to know their spread"
    result.p_for, result.p_against = 1.0, 1.0
    return
  end
  both_intervals(result, e, target)
  result.difference = e.difference
  result.p_for, result.p_against = judges.weigh(claim, e)
  result.side = e.difference > 0 and "above" or "below"
end

--- What a published summary is compared with: the row's numbers, or the claim's own.
local function summary_of(claim)
  return claim.row and claim.row.published or claim.published
end

local function effect(result, values, published)
  local g = stats.hedges(values, published)
  result.note = g and ("Hedges g %s"):format(format.signed(g, 2)) or result.note
end

function judges.mean(result, claim, answer)
  local published = summary_of(claim)
  effect(result, answer.values, published)
  equivalence(result, claim, stats.welch(answer.values, published), published.mean)
  if (answer.dead or 0) > 0 then
    result.note = ("%d of %s died and %s left out; %s"):format(answer.dead,
      format.counted(answer.runs, "run"), answer.dead == 1 and "is" or "are", result.note or "")
  end
end

function judges.gap(result, claim, answer)
  result.word, result.note = "described", "its test was withdrawn; the interval takes the two published rows as independent"
  local e = stats.welch(answer.values, claim.published)
  if e then both_intervals(result, e, claim.published.mean) end
end

function judges.noninferior(result, claim, answer)
  local e = stats.contrast { { 1, answer.values } }
  if not e then return equivalence(result, claim, nil) end
  both_intervals(result, e, 0)
  result.p_for, result.p_against = judges.weigh(claim, e)
  result.side = "below"
  result.note = result.low > 0 and "superior: the 95 % interval lies above 0"
    or result.high < 0 and "inferior within the margin: the 95 % interval lies below 0"
    or "no difference shown: the 95 % interval holds 0"
end

--- Does a value reach a threshold? Where the sample says what it measures (lab.sample), by that.
local function reaches(answer, value, threshold)
  if answer.metric then return metrics.reaches(answer.metric, value, threshold) end
  return value >= threshold
end

function judges.rank(result, claim, answer)
  local values, published = answer.values, claim.published
  result.ours = stats.median(values)
  result.low, result.high = stats.quantile(values, 0.025), stats.quantile(values, 0.975)
  local p = stats.rank_p(values, published)
  result.p_against, result.rank = p or 1.0, true
  local reached = 0
  for _, value in ipairs(values) do
    if reaches(answer, value, published) then reached = reached + 1 end
  end
  result.note = ("%d of %d of our runs are at %s or %s"):format(reached, #values,
    claims.show(claim, published), answer.metric and answer.metric.better == "low" and "below"
    or "above")
end
judges.run = judges.rank

local function binomial(result, claim, k, n)
  result.ours, result.n = k / n, n
  result.low, result.high = stats.clopper_pearson(k, n)
  result.p_for = stats.binomial_upper(k, n, claim.at_least)
  result.p_against = math.min(1, 2 * stats.binomial_lower(k, n, claim.at_least))
  result.side = "below"
  result.note = ("%d of %s"):format(k, format.counted(n, "run"))
end

local function count(answer, threshold)
  local k = 0
  for _, value in ipairs(answer.values) do
    if reaches(answer, value, threshold) then k = k + 1 end
  end
  return k
end

function judges.share(result, claim, answer)
  if result.runs == 0 then result.word = "not run" return end
  binomial(result, claim, count(answer, claim.threshold), result.runs)
end

--- `answer`: { values = of a, others = of b }, pair by pair; infinity for runs that never get there. A
--- pair is won where a is below b.
function judges.pairs(result, _, answer)
  local won, lost = 0, 0
  for i, a in ipairs(answer.values) do
    local b = answer.others[i]
    won, lost = won + (a < b and 1 or 0), lost + (a > b and 1 or 0)
  end
  local n = won + lost
  result.n = #answer.values
  local ties = #answer.values - n
  result.note = ("%d pairs won, %d lost%s"):format(won, lost, ties > 0 and (", %d even"):format(ties) or "")
  result.p_for, result.p_against = 1.0, 1.0
  if n == 0 then return end
  result.ours, result.side = won / n, "the other way round"
  result.low, result.high = stats.clopper_pearson(won, n)
  local p = math.min(1, 2 * stats.binomial_upper(math.max(won, lost), n, 0.5))
  result[won > lost and "p_for" or "p_against"] = p
end

--- `answer`: { cases = { { name, sample, threshold } } }.
function judges.cases(result, claim, answer)
  local shown, words, against = 0, {}, {}
  result.p_for, result.n = 0.0, 0
  for i, case in ipairs(answer.cases) do
    local k, n = count(case.sample, case.threshold), case.sample.runs
    local p = n > 0 and stats.binomial_upper(k, n, claim.at_least) or 1.0 -- no runs show nothing
    against[i] = n > 0 and math.min(1, 2 * stats.binomial_lower(k, n, claim.at_least)) or 1.0
    result.p_for, result.n = math.max(result.p_for, p), result.n + n
    shown = shown + (p < (claim.level or 0.05) and 1 or 0)
    words[i] = ("%s: %d of %d"):format(case.name, k, n)
  end
  if #words == 0 then result.word, result.p_for = "not run", nil return end
  result.below = {}
  for i, p in ipairs(stats.holm(against)) do
    if p < (claim.level or 0.05) then table.insert(result.below, answer.cases[i].name) end
  end
  result.p_against, result.side = math.min(table.unpack(stats.holm(against))), "below"
  result.ours, result.shown = shown / #words, ("%d of %s"):format(shown, format.counted(#words, "case"))
  result.note = table.concat(words, "; ")
end

function judges.exhibit(result, claim, answer)
  local k, n = count(answer, claim.threshold), result.runs
  if n == 0 then result.word = "not run" return end
  result.ours, result.shown, result.note = k / n, ("%d of %s"):format(k, format.counted(n, "run")), answer.note
  result.low, result.high = stats.clopper_pearson(k, n)
  result.word = k > 0 and "replicated" or "not replicated"
end

function judges.exact(result, claim, answer)
  local least, most = stats.min(answer.values), stats.max(answer.values)
  if not least then result.word = "not run" return end
  result.ours = most > claim.published and most or least
  result.difference = result.ours - claim.published
  result.side = result.difference > 0 and "above" or "below"
  if result.difference ~= 0 then
    result.word = "not replicated"
  elseif result.missing > 0 then
    result.p_for, result.p_against = 1.0, 1.0
  else
    result.word = "replicated"
  end
end

function judges.over(result, claim, answer)
  result.ours, result.note = stats.mean(answer.values), answer.note
  if not result.ours then result.word = "not run" return end
  result.difference, result.side = result.ours - claim.published, "below"
  local e = stats.contrast { { 1, answer.values } }
  if e and e.se > 0 then
    local from = { difference = result.difference, low = e.low - claim.published,
      high = e.high - claim.published, se = e.se, df = e.df }
    both_intervals(result, from, claim.published)
    result.p_for = stats.t_cdf(-result.difference / e.se, e.df)
    result.p_against = math.min(1, 2 * stats.t_cdf(result.difference / e.se, e.df))
    return
  end
  result.p_for, result.p_against = 1.0, 1.0
  if not (e and e.se == 0) then
    result.note = "too few runs to know their spread"
  elseif result.missing == 0 then
    result.word = result.difference > 0 and "replicated" or "not replicated"
  end
end

--- How a described number compares.
local function beside(claim, answer)
  if claim.part == "sd" then
    local r = stats.sd_ratio(answer.values, claim.row.published)
    return r and ("ratio to the published one %s (95 %% interval %s to %s)"):format(
      format.fixed(r.ratio, 2), format.fixed(r.low, 2), format.fixed(r.high, 2))
  elseif claim.unit == "duration" and answer.values[1] then
    local ratio = claim.published / stats.mean(answer.values)
    return ("published is %s × ours, on another machine"):format(ratio < 10 and format.fixed(ratio, 1)
      or format.count(ratio))
  end
end

function judges.described(result, claim, answer)
  result.ours = (stats[claim.part] or stats.mean)(answer.values)
  result.note, result.word = beside(claim, answer), "described"
end

-- ---- of chapters' own claims ------------------------------------------------------------------------

--- The values with infinity for every run that has none.
local function padded(answer)
  local list = table.move(answer.values, 1, #answer.values, 1, {})
  for i = #list + 1, answer.runs or #list do list[i] = math.huge end
  return list
end

local function plain_number(x)
  return (not x or x == math.huge) and "never" or x < 10 and format.fixed(x, 2) or format.count(x)
end

function judges.lower(result, _, answer)
  local a, b = padded(answer.a), padded(answer.b)
  local test = stats.mann_whitney(a, b)
  if not test then result.word = "not run" return end
  local interval = stats.bootstrap(stats.superiority, { a, b }, { draws = 2000 })
  result.ours, result.low, result.high, result.n = test.superiority, interval.low, interval.high, #a + #b
  result.p_for, result.p_against, result.side = 1.0, 1.0, "the other way round"
  result[test.superiority > 0.5 and "p_for" or "p_against"] = test.p
  result.note = ("medians %s and %s%s"):format(plain_number(stats.median(a)),
    plain_number(stats.median(b)), result.missing > 0 and (", %d of %s never get there")
    :format(result.missing, format.counted(result.runs, "run")) or "")
  result.missing = 0
end

function judges.par(result, claim, answer)
  equivalence(result, claim, stats.welch(answer.a.values, answer.b.values), 0)
end

return judges

--- Verdicts: a claim of the paper and what we measured, to one of
---
---   replicated       the test for it rejects (judges.lua), at 5 % over the claim's family
---   not replicated   the test against it does: above, below, or the other way round
---   compatible, outside    where one published run stands among ours; compatible at the `edge`: outside by
---                    itself, but not among all tests of the family
---   described        numbers beside each other, without a test
---   undecided        neither test rejects; `leans` = { words, p } if one does by itself, without Holm's adjustment
---   undecided at first       the same, and the claim was asked again with fresh runs: the verdict is there
---   not judged, not compared, not run      quick profile; other images; no such chapter here
---
--- An answer to a claim is what a chapter measured for it: { values = {...}, runs = N }, one value a
--- run; runs without a value (failed, diverged to NaN) are counted by `runs`, and while there are any
--- nothing is called replicated. What else an answer may have, each test says (judges.lua).
---
--- Claims of one family share an error rate: their p-values, those for and those against apart, are
--- adjusted by Holm's method. Where a page answers only some of a family, the others count as tests
--- that are still to come, so that a verdict can only be more careful there than in the whole report. A claim
--- that is asked again is judged at a `level` of its own.
local verdict = {}

local claims = require "verdicts.claims"
local comparison = require "verdicts.comparison"
local format = require "text.format"
local judges = require "verdicts.judges"
local power = require "verdicts.power"
local stats = require "statistics.stats"

local SIGNIFICANT = 0.05

--- What no interval of these may leave: no accuracy lies outside 0 to 1. What is judged is the p-value.
local function clip(result, claim)
  if not result.low or claim.judge ~= "mean" then return end
  result.low = math.max(result.low, 0)
  if claim.percent then result.high = math.min(result.high, 1) end
end

local function counts(answer)
  if answer.a then
    local values, runs = counts(answer.a)
    local more_values, more_runs = counts(answer.b)
    return values + more_values, runs + more_runs
  elseif answer.cases then
    local values, runs = 0, 0
    for _, case in ipairs(answer.cases) do
      values, runs = values + #case.sample.values, runs + case.sample.runs
    end
    return values, runs
  end
  return #answer.values + (answer.dead or 0), answer.runs or #answer.values
end

--- What is measured of a claim, before its family is known: { claim, ours, low, high, n, runs, missing,
--- p_for, p_against, note }, with a word where no test is asked. `answer` nil: no chapter of this page
--- measured it. `barred`: why nothing may be judged here, or false; by default comparison.lua is asked.
function verdict.measured(claim, answer, barred)
  local result = { claim = claim, answer = answer }
  if not answer then result.word = "not run" return result end
  local values, runs = counts(answer)
  result.n, result.runs, result.missing = values - (answer.dead or 0), runs, runs - values
  if barred == nil then barred = comparison.bars(claim.images) end
  if barred == comparison.STAND_IN or barred == comparison.OTHER then
    result.word = barred
    return result
  end
  judges[claim.judge](result, claim, answer)
  clip(result, claim)
  if result.missing > 0 then
    local missing = ("%d of %s gave no value"):format(result.missing, format.counted(runs, "run"))
    result.note = result.note and missing .. "; " .. result.note or missing
    local counted = claim.judge == "share" or claim.judge == "cases" -- among those that do not reach it
    result.p_for = result.p_for and not counted and 1.0 or result.p_for
  end
  if barred then
    for _, key in ipairs { "side", "low", "high", "low90", "high90", "p_for", "p_against" } do
      result[key] = nil
    end
    result.word = barred
  end
  return result
end

--- What would decide: for a share as it was seen, so many runs, with what they cost.
local function remark(result)
  local claim, answer = result.claim, result.answer
  local words = claim.open and "said beforehand: " .. claim.open
    or claim.again and "`make repro-full` asks it again with fresh runs"
  if claim.judge == "share" and not (claim.again or claim.first) then -- there is no third look
    local n = power.enough(claim, result.ours)
    local cost = n and answer.seconds and (", %s of computing"):format(format.duration(n * answer.seconds)) or ""
    words = n and ("about %s runs would decide it by itself if the share is as seen%s"):format(
      format.count(n), cost) or "not even 5,000 runs would decide it if the share is as seen"
  end
  if words then result.note = result.note and result.note .. "; " .. words or words end
end

local function word(result)
  local level = result.claim.level or SIGNIFICANT
  local against = (result.against or 1) < level
  if result.rank then return against and "outside" or "compatible" end
  return (result.p_for and result.supported < level) and "replicated"
    or against and "not replicated" or "undecided"
end

--- Which test of an undecided claim rejects by itself, if any.
local function leaning(result)
  local level = result.claim.level or SIGNIFICANT
  return result.p_for and (result.p_for < level and { "shown", result.p_for }
    or result.p_against < level and { result.side, result.p_against }) or nil
end

--- Words for measured claims, a family at a time: adds `supported` and `against`, the adjusted p-values.
--- `sizes`: how many tests a family has in all, by name.
local function settle_family(list, size)
  for from, to in pairs { p_for = "supported", p_against = "against" } do
    local tested, p = {}, {}
    for _, result in ipairs(list) do
      if result[from] then tested[#tested + 1], p[#p + 1] = result, result[from] end
    end
    for i, adjusted in ipairs(stats.holm(p, math.max(#p, size))) do tested[i][to] = adjusted end
  end
  for _, result in ipairs(list) do
    result.word = word(result)
    if result.word == "undecided" then result.leans = leaning(result) end
    result.edge = result.word == "compatible" and result.p_against < SIGNIFICANT
  end
end

--- What stayed undecided and was judged again.
local function mark_first_looks(results)
  for _, again in ipairs(results) do
    local id = again.p_for and again.claim.first
    for _, first in ipairs(id and results or {}) do
      if first.claim.id == id and first.word == "undecided" then first.word = "undecided at first" end
    end
  end
end

--- Gives every measured claim of the list its word; returns the list.
function verdict.settle(results)
  local families = {}
  for _, result in ipairs(results) do
    local name = result.claim.family
    if result.word then
      goto settled
    elseif name then
      families[name] = families[name] or {}
      table.insert(families[name], result)
    else
      settle_family({ result }, result.claim.looks or 1)
    end
    ::settled::
  end
  for name, list in pairs(families) do settle_family(list, claims.in_family(name)) end
  for _, result in ipairs(results) do
    if result.word ~= "not replicated" and result.word ~= "outside" then result.side = nil end
  end
  mark_first_looks(results)
  for _, result in ipairs(results) do
    if result.word == "undecided" then remark(result) end
  end
  return results
end

return verdict

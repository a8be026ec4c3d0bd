--- Claims that a chapter makes itself, judged as those of the paper are (judges.lua), each by itself. One that is
--- asked for the second time, after a study that missed it, says so: `looks = 2` and its p-values count twice
--- (Bonferroni).
---
---   own_claims = {
---     { id = "deep-enough", metric = "share of runs at 90 %", judge = "share", threshold = 0.9,
---       at_least = 0.8, percent = true, show = "%.0f %%",
---       answer = function(results) return lab.sample(results, "train.accuracy") end },
---   }
---
---   id         how the page names it
---   metric     what it is about, in words
---   judge      how: "share", "lower", "par", "run", "over", "exact", see judges.lua
---   answer     function of the results: what was measured for it, see verdict.lua; nil: not measured
---   quote      the claim in words
---   published  a number that was stated, in this chapter or elsewhere
---   delta      of par: the margin; threshold, at_least: see paper/claims.lua
---   show, percent, unit           how its numbers are shown, as there
---   images     it is about the paper's images
---   looks      how often it is asked, 1
local own_claims = {}

local claims = require "verdicts.claims"
local fields = require "text.fields"
local metrics = require "runs.metrics"
local names = require "text.names"

--- The numbers that each kind of judgement reads; all of them must be given.
local reads = {
  share = { "threshold", "at_least" }, lower = {}, par = { "delta" }, run = { "published" },
  over = { "published" }, exact = { "published" },
}

local known = { id = { "string", must = true }, metric = { "string", must = true },
  judge = { "string", must = true }, answer = { "function", must = true }, quote = { "string" },
  published = { "number" }, delta = { "number" }, threshold = { "number" }, at_least = { "number" },
  show = { "string" }, percent = { "boolean" }, unit = { "string" }, images = { "boolean" }, looks = { "number" } }

--- Two samples are compared.
local two = { lower = true, par = true }

--- What is shown is a share of runs, or a chance, whatever was measured.
local shares = { share = true, lower = true }

local function wrong(where, form, ...)
  error(where .. ": " .. form:format(...), 0)
end

local function check_shown(claim, where)
  if claim.show and not pcall(string.format, claim.show, 1.5) then
    wrong(where, "show = '%s' is no format for a number, such as '%%.1f'", claim.show)
  end
  if claim.unit and claim.unit ~= "duration" and claim.unit ~= "count" then
    wrong(where, "unit = '%s'; it is 'duration' or 'count'", claim.unit)
  end
  if claim.looks and not (math.type(claim.looks) == "integer" and claim.looks >= 1) then
    wrong(where, "looks = %s; how often it is asked, 1 or more", tostring(claim.looks))
  end
  local at_least = claim.at_least
  if at_least and not (at_least >= 0 and at_least <= 1) then
    wrong(where, "at_least = %s; it is a share of the runs, from 0 to 1", at_least)
  end
  if claim.delta and not (claim.delta >= 0) then wrong(where, "delta is a distance, 0 or more") end
end

local function check_judge(claim, where)
  local judge, needed = claim.judge, reads[claim.judge]
  if not needed then
    local near = names.nearest(judge, names.keys(reads))
    wrong(where, "judge = '%s'; it is one of %s%s", judge, table.concat(names.keys(reads), ", "),
      near and ("; did you mean '%s'?"):format(near) or "")
  end
  local read = { unit = not shares[judge] }
  for _, key in ipairs(needed) do
    read[key] = true
    if claim[key] == nil then wrong(where, "judge = '%s' needs %s", judge, key) end
  end
  for _, key in ipairs { "at_least", "delta", "published", "threshold", "unit" } do
    if claim[key] ~= nil and not read[key] then
      wrong(where, "judge = '%s' does not read %s; it reads %s", judge, key, #needed > 0
        and table.concat(needed, " and ") or "no number, only the two samples")
    end
  end
end

--- Checks a list of declarations.
function own_claims.check(list, where)
  local seen = {}
  for i, claim in ipairs(list) do
    local here = ("%s, claim %s"):format(where, claim.id or i)
    fields.check(claim, known, here)
    if claims.has(claim.id) then wrong(here, "this is the id of a claim of the paper") end
    if seen[claim.id] then wrong(here, "two claims have this id") end
    seen[claim.id] = true
    check_judge(claim, here)
    check_shown(claim, here)
  end
end

local function is_sample(answer)
  if type(answer) ~= "table" or type(answer.values) ~= "table" then return false end
  for _, value in ipairs(answer.values) do
    if type(value) ~= "number" then return false end
  end
  return answer.runs == nil or math.type(answer.runs) == "integer" and answer.runs >= #answer.values
end

--- The answer to a claim as its function gave it; one of a wrong shape is an error.
function own_claims.checked(claim, answer, where)
  local pair = two[claim.judge]
  local good = answer == nil or not pair and is_sample(answer)
    or pair and type(answer) == "table" and is_sample(answer.a) and is_sample(answer.b)
  if not good then
    wrong(where, "the answer to the claim '%s' is no %s", claim.id, pair
      and "{ a = , b = } of two samples, as lab.sample makes them"
      or "sample, as lab.sample makes it")
  end
  local metric = answer and answer.metric
  if metric and claim.threshold then
    metrics.check_bounds(metric, claim.threshold, ("%s, claim %s"):format(where, claim.id))
  end
  return answer
end

--- The claim with the unit of what was measured for it, where it does not say how its numbers are shown.
function own_claims.shown(claim, answer)
  claim.own = true
  local metric = answer and (answer.metric or answer.a and answer.a.metric)
  if claim.show or claim.unit or claim.percent or shares[claim.judge] then return claim end
  local unit = metric and metric.unit or "share"
  if unit == "share" and claim.percent == nil then return claim end
  local copy = {}
  for key, value in pairs(claim) do copy[key] = value end
  copy.unit = unit == "seconds" and unit or "plain"
  return copy
end

return own_claims

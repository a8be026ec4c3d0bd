--- Claims that a chapter makes itself, judged as those of the paper are (verdict.lua).
---
---   own_claims = {
---     { id = "deep-enough", metric = "share of runs at 90 %", judge = "share", threshold = 0.9,
---       at_least = 0.8, percent = true, show = "%.0f %%",
---       answer = function(results) return lab.sample(results, "train.accuracy") end },
---   }
---
---   id         how the page names it
---   metric     what it is about, in words
---   judge      how: "share", "lower", "par", "run", "over", "exact", see verdict.lua
---   answer     function of the results: what was measured for it, see verdict.lua; nil: not measured
---   quote      the claim in words
---   published  a number that was stated, in this chapter or elsewhere
---   delta, threshold, at_least    see paper/claims.lua
---   show, percent, unit           how its numbers are shown, as there
---   images     it is about the paper's images
local own_claims = {}

local claims = require "claims"
local names = require "names"

--- What each kind of judgement needs.
local needs = {
  share = { "threshold", "at_least" }, lower = {}, par = { "delta" }, run = { "published", "delta" },
  over = { "published" }, exact = { "published" },
}

local types = { id = "string", metric = "string", judge = "string", answer = "function",
  quote = "string", published = "number", delta = "number", threshold = "number",
  at_least = "number", show = "string", percent = "boolean", unit = "string", images = "boolean" }

local known = {}
for key in pairs(types) do known[key] = true end

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
  local at_least = claim.at_least
  if at_least and not (at_least >= 0 and at_least <= 1) then
    wrong(where, "at_least = %s; it is a share of the runs, from 0 to 1", at_least)
  end
  if claim.delta and not (claim.delta >= 0) then wrong(where, "delta is a distance, 0 or more") end
end

--- Checks a list of declarations.
function own_claims.check(list, where)
  local seen = {}
  for i, claim in ipairs(list) do
    local here = ("%s, claim %s"):format(where, type(claim) == "table" and claim.id or i)
    if type(claim) ~= "table" then wrong(here, "it is a %s, not a table", type(claim)) end
    names.check(claim, known, here)
    for _, key in ipairs { "id", "metric", "judge", "answer" } do
      if claim[key] == nil then wrong(here, "it has no %s", key) end
    end
    for _, key in ipairs(names.keys(claim)) do
      if type(claim[key]) ~= types[key] then
        wrong(here, "%s is a %s, not a %s", key, type(claim[key]), types[key])
      end
    end
    if claims.has(claim.id) then wrong(here, "this is the id of a claim of the paper") end
    if seen[claim.id] then wrong(here, "two claims have this id") end
    seen[claim.id] = true
    if not needs[claim.judge] then
      local near = names.nearest(claim.judge, names.keys(needs))
      wrong(here, "judge = '%s'; it is one of %s%s", claim.judge,
        table.concat(names.keys(needs), ", "), near and ("; did you mean '%s'?"):format(near) or "")
    end
    for _, key in ipairs(needs[claim.judge]) do
      if claim[key] == nil then wrong(here, "judge = '%s' needs %s", claim.judge, key) end
    end
    check_shown(claim, here)
  end
end

local function is_sample(answer)
  if type(answer) ~= "table" or type(answer.values) ~= "table" then return false end
  for _, value in ipairs(answer.values) do
    if type(value) ~= "number" then return false end
  end
  return answer.runs == nil or math.type(answer.runs) == "integer"
end

--- The answer to a claim as its function gave it; one of a wrong shape is an error.
function own_claims.checked(claim, answer, where)
  local two = claim.judge == "lower" or claim.judge == "par"
  local good = answer == nil or not two and is_sample(answer)
    or two and type(answer) == "table" and is_sample(answer.a) and is_sample(answer.b)
  if not good then
    wrong(where, "the answer to the claim '%s' is no %s", claim.id, two
      and "{ a = , b = } of two samples, as lab.sample makes them"
      or "sample, as lab.sample makes it")
  end
  return answer
end

return own_claims

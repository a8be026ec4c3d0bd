--- What every verdict on a claim of the paper was computed from, for others to compute it again:
--- OUT/data/samples.csv. A row is one value of a claim's sample, or a case without any:
---
---   claim       as in claims.csv
---   case        of a claim on several cases: which; in `runs` how many it had, those without a value among
---               them, and in `threshold` what a run of it must reach
---   value       what was measured; of a difference, the first minus the second; "inf": never reached
---   other       of pairs that are compared: the second one's value
---   keys        the run in runs.csv; several, where the value is their mean; separated by a semicolon
---   other_keys  the run that it is compared with, or subtracted
---   metric      the column of runs.csv that the value stands in; empty where it was taken from a curve
local samples = {}

local format = require "text.format"
local tables = require "text.tables"

local function number(value)
  if not value then return nil end
  return value == math.huge and "inf" or format.exact(value)
end

local function joined(keys)
  return type(keys) == "table" and table.concat(keys, ";") or keys
end

local function add(rows, id, sample, case)
  for i, value in ipairs(sample.values) do
    rows[#rows + 1] = { id, case and case.name, case and sample.runs, case and number(case.threshold),
      number(value), sample.others and number(sample.others[i]),
      sample.keys and joined(sample.keys[i]), sample.other_keys and joined(sample.other_keys[i]),
      sample.metric and sample.metric.path }
  end
end

--- The file's text for settled verdicts (verdict.lua).
function samples.csv(results)
  local rows = {}
  for _, result in ipairs(results) do
    local answer, id = result.answer, result.claim.id
    for _, case in ipairs(answer and answer.cases or {}) do
      add(rows, id, case.sample, case)
      if #case.sample.values == 0 then rows[#rows + 1] = { id, case.name, case.sample.runs, number(case.threshold) } end
    end
    if answer and answer.values then add(rows, id, answer) end
  end
  return tables.csv({ "claim", "case", "runs", "threshold", "value", "other", "keys", "other_keys", "metric" }, rows)
end

return samples

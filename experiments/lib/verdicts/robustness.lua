--- Would a headline verdict be the same under the other defensible choices of the ledger? A choice moves
--- the mean of synaptic RL without hidden units by a paired difference, which is added to the estimate that
--- a claim was judged by, its uncertainty too; the tests are then taken again. Each by itself, without
--- Holm's adjustment on either side, so that only the choice differs.
local robustness = {}

local judges = require "verdicts.judges"
local stats = require "statistics.stats"

local SIGNIFICANT = 0.05

--- Claims whose estimate holds the mean of that row.
local headlines = { "table1.synaptic0.mean", "par.0", "fair.0" }

--- The estimate of a difference, against what `delta` is asked.
local function estimate(result)
  local claim, values = result.claim, result.answer.values
  if claim.judge == "mean" then return stats.welch(values, claim.row.published) end
  return stats.contrast { { 1, values } }
end

local function word(claim, e)
  local p_for, p_against = judges.weigh(claim, e)
  return p_for < SIGNIFICANT and "replicated" or p_against < SIGNIFICANT
    and ("not replicated, %s"):format(e.difference > 0 and "above" or "below") or "undecided"
end

--- An estimate that a paired difference is added to; degrees of freedom by Welch and Satterthwaite.
local function moved(e, shift)
  local se = math.sqrt(e.se ^ 2 + shift.se ^ 2)
  local df = se > 0 and se ^ 4 / (e.se ^ 4 / e.df + shift.se ^ 4 / shift.df) or e.df
  local m = { difference = e.difference + shift.difference, se = se, df = df }
  m.p = se > 0 and 2 * stats.t_cdf(-math.abs(m.difference / se), df) or (m.difference == 0 and 1 or 0)
  return m
end

--- For each headline claim { id, word, same, of, others = { label, ... }, unsure = { label, ... } }: under how many
--- of the choices its verdict stays; under which it is another; and under which it is another only because so
--- few runs do not tell what the choice changes. `shifts`: { label, pair } with estimates of paired differences
--- (stats.paired).
function robustness.of(results, shifts)
  local list, by_id = {}, {}
  for _, r in ipairs(results) do by_id[r.claim.id] = r end
  for _, id in ipairs(headlines) do
    local result = by_id[id]
    local e = result and result.p_for and result.answer and estimate(result)
    if e and #shifts > 0 then
      local entry = { id = id, word = word(result.claim, e), same = 0, of = #shifts, others = {}, unsure = {} }
      for _, shift in ipairs(shifts) do
        local other = word(result.claim, moved(e, shift.pair))
        if other == entry.word then
          entry.same = entry.same + 1
        elseif word(result.claim, moved(e, { difference = shift.pair.difference, se = 0, df = 1 })) == entry.word then
          entry.unsure[#entry.unsure + 1] = shift.label
        else
          entry.others[#entry.others + 1] = ("%s: %s"):format(shift.label, other)
        end
      end
      list[#list + 1] = entry
    end
  end
  return list
end

--- In words, or nil.
function robustness.words(list)
  local lines = {}
  for i, entry in ipairs(list) do
    local but = {}
    if #entry.others > 0 then but[1] = "not under " .. table.concat(entry.others, ", ") end
    if #entry.unsure > 0 then
      but[#but + 1] = "too few runs to say under " .. table.concat(entry.unsure, ", ")
    end
    lines[i] = ("`%s` (%s by itself) stays the same under %d of %d%s"):format(entry.id, entry.word,
      entry.same, entry.of, #but > 0 and " (" .. table.concat(but, "; ") .. ")" or "")
  end
  return #lines > 0 and table.concat(lines, "; ") or nil
end

return robustness

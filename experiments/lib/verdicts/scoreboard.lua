--- Verdicts as a reader sees them: the table on a book's first page, the block under a chapter, and
--- OUT/claims.csv. Takes answers by claim id, as chapters give them (verdict.lua).
local scoreboard = {}

local claims = require "verdicts.claims"
local format = require "text.format"
local own_claims = require "verdicts.own_claims"
local tables = require "text.tables"
local verdict = require "verdicts.verdict"
local weave = require "text.weave"

--- Verdicts on all claims, or on those answered only, in the paper's order. A second look that no chapter takes
--- is no gap.
function scoreboard.verdicts(answers, answered_only)
  local list = {}
  for _, claim in ipairs(claims.all()) do
    if answers[claim.id] or not (answered_only or claim.first) then
      list[#list + 1] = verdict.measured(claim, answers[claim.id])
    end
  end
  return verdict.settle(list)
end

--- "not replicated: 1.90 points above"
local function away(r)
  local claim = r.claim
  if r.side == "the other way round" then return r.side end
  if claim.at_least and not r.difference then
    return (r.below and r.below[1] and table.concat(r.below, " and ") .. ": " or "") .. "below " .. claims.show({ percent = true }, claim.at_least)
  end
  if r.difference then
    return ("%s %s"):format(claims.distance(claim, math.abs(r.difference)), r.side)
  end
  return claim.delta and ("more than %s below"):format(claims.distance(claim, claim.delta)) or r.side
end

--- What a chapter claims itself is not a replication of anything.
local own_words = { replicated = "holds", ["not replicated"] = "does not hold" }

local function words(r)
  local word = r.claim.own and own_words[r.word] or r.word
  if r.claim.withdrawn and r.word == "described" then return "described: its test was withdrawn" end
  if r.word == "replicated" then return ("**%s**"):format(word) end
  if r.word == "not replicated" then return ("**%s**: %s"):format(word, away(r)) end
  if r.edge then return ("compatible, at the edge (p = %s by itself)"):format(format.fixed(r.p_against, 2)) end
  if r.leans then
    return ("%s; %s by itself (p = %s)"):format(word, r.leans[1], format.fixed(r.leans[2], 2))
  end
  if r.word == "outside" then return ("**outside** (p = %s)"):format(format.fixed(r.p_against, 3)) end
  return word
end

local function interval(r)
  if not r.low then return "–" end
  return ("%s to %s"):format(claims.show(r.claim, r.low), claims.show(r.claim, r.high))
end

--- The measured value, as its kind is shown.
local function ours(r)
  return r.shown or claims.show(r.claim, r.ours)
end

local function published(claim)
  return claim.published and claims.show(claim, type(claim.published) == "table"
    and claim.published.mean or claim.published) or "–"
end

local function stated(claim)
  if not claim.quote then return claim.metric end
  return ("“%s”%s"):format(claim.quote, claim.which and ", " .. claim.which or "")
end

-- ---- the first page -----------------------------------------------------------------------------

local order = { "replicated", "not replicated", "compatible", "outside", "undecided", "undecided at first",
  "described" }

--- "20 replicated, 3 not replicated, ..."
local function tally(results)
  local count, kinds = {}, table.move(order, 1, #order, 1, {})
  for _, r in ipairs(results) do
    if not count[r.word] then
      local known = false
      for _, word in ipairs(kinds) do known = known or word == r.word end
      if not known then kinds[#kinds + 1] = r.word end
    end
    count[r.word] = (count[r.word] or 0) + 1
  end
  local parts = {}
  for _, word in ipairs(kinds) do
    if count[word] then
      parts[#parts + 1] = ("%d %s"):format(count[word], word)
    end
  end
  return table.concat(parts, ", ")
end

--- Small claims of one place as one line: their names and how many went which way.
local function summed(where, results)
  local named, seen = {}, {}
  for _, r in ipairs(results) do
    local name = (r.claim.metric:match(", ([^,]+)$") or r.claim.metric):gsub(":.*", "")
    if not seen[name] then seen[name], named[#named + 1] = true, name end
  end
  return { ("%s: %s"):format(where, table.concat(named, ", ")), "", "", "", tally(results) }
end

--- One line a claim, under a head for each family; those marked `detail` one line for all that stand in
--- a row.
local function rows(results)
  local list, small, where, group = {}, {}, nil, nil
  local function flush()
    if #small > 0 then list[#list + 1] = summed(where, small) end
    small = {}
  end
  for _, r in ipairs(results) do
    local claim = r.claim
    if not claim.detail or claim.where ~= where then flush() end
    where = claim.where
    if claim.family and claim.family ~= group and not claim.first then
      group = claim.family
      list[#list + 1] = { ("**%s%s**"):format(group:sub(1, 1):upper(), group:sub(2)), "", "", "", "" }
    end
    if claim.detail then
      small[#small + 1] = r
    else
      list[#list + 1] = { ("%s: %s"):format(where, stated(claim)), published(claim),
        r.low and ("%s (%s)"):format(ours(r), interval(r)) or ours(r), r.n or "", words(r) }
    end
  end
  flush()
  return list
end

local function right(name)
  return { name, align = "right" }
end

--- Markdown for a book's head: counts, one table, how to read it. `commit`: the one that last changed
--- the registration.
function scoreboard.overview(results, commit)
  local head = ("**Verdicts** on %d claims of the paper: %s."):format(#results, tally(results))
  local how = ([[
*Ours* is a mean over runs, a share of runs or pairs, or for a single published run the median of ours;
in brackets stands its 95 %% interval, and for a single run the middle 95 %% of ours. Beside a published mean or
difference the interval is wider than that of our runs alone: it counts the spread of the paper's five runs as
well, so that it holds the published value where Welch's test finds no difference. *Replicated*: the
test for the claim rejects its opposite at 5 %%; for a mean these are two one-sided tests at the margin.
*Not replicated*: the test against the claim does; for a mean it says that a difference from the published one is
found, which may be smaller than the margin. *Undecided at first*: neither test did; the row below asks
again with fresh runs, and is judged at 1 %%. *Compatible* or *outside*: where one published run
stands among ours. *Undecided*: neither test rejects; one of them may by itself, without the adjustment. *Described*: numbers without
a test. P-values are adjusted by Holm's method within each family of claims. Tests, margins, numbers of runs and
power stand in `paper/claims.lua` (last changed in commit `%s`);
[`paper/registration.md`](../paper/registration.md) tells in which commit each part was fixed before its runs, and
which two tests were withdrawn after theirs. Each claim with its tests stands at the end of its chapter, all of them in
`claims.csv`.]]):format(commit)
  local columns = { "Claim", right "Published", right "Ours", right "n", "Verdict" }
  return table.concat({ weave.wrap(head), tables.markdown(columns, rows(results)), weave.wrap(how) },
    "\n\n")
end

-- ---- a chapter's block and the file -------------------------------------------------------------

--- Verdicts on a chapter's own claims (own_claims.lua), in their order, each by itself.
function scoreboard.own(list, answers)
  local results = {}
  for i, claim in ipairs(list) do
    local answer = answers[claim.id]
    results[i] = verdict.measured(own_claims.shown(claim, answer), answer)
  end
  return verdict.settle(results)
end

local function p_value(p)
  if not p then return "–" end
  return p < 0.0005 and "< 0.001" or format.fixed(p, 3)
end

--- Markdown for the end of a chapter, or nil if it answers nothing.
function scoreboard.block(results, heading)
  if #results == 0 then return nil end
  local asked = results[1].claim.own and "Asked" or "Published"
  local list = {}
  for i, r in ipairs(results) do
    local claim = r.claim
    list[i] = { ("`%s`"):format(claim.id), claim.where and claim.metric or stated(claim),
      published(claim), ours(r), interval(r), claims.margin(claim), r.n or "", p_value(r.supported),
      p_value(r.against), words(r) .. (r.note and (" (%s)"):format(r.note) or "") }
  end
  return ("**%s**\n\n"):format(heading or "Claims of the paper that this chapter answers.")
    .. tables.markdown({ "Id", "Metric", right(asked), right "Ours", right "95 % interval",
      right "Margin", right "n", right "p for", right "p against", "Verdict" }, list)
end

--- OUT/claims.csv: plain numbers in the units of paper/claims.lua. p_for and p_against are those of the
--- tests, holm_for and holm_against the same within the family, which are judged at `level` (empty: 0.05); of `runs`, `missing` gave no value and `dead`
--- are networks that died.
function scoreboard.csv(results)
  local list = {}
  local function number(x) return x and ("%.10g"):format(x) end
  for i, r in ipairs(results) do
    local claim = r.claim
    local value = claim.published
    local row = claim.row and claim.row.published or type(value) == "table" and value or {}
    list[i] = { claim.id, claim.family or nil, claim.judge, claim.where, claim.metric,
      number(type(value) == "table" and value.mean or value), number(row.sd), row.n,
      number(claim.threshold), number(r.ours), number(r.low),
      number(r.high), number(claim.delta or claim.at_least), number(claim.level), r.n, r.runs, r.missing,
      r.answer and r.answer.dead, number(r.p_for),
      number(r.p_against), number(r.supported), number(r.against),
      r.side and r.word .. " " .. r.side or r.word, r.note }
  end
  return tables.csv({ "id", "family", "test", "where", "metric", "published", "published_sd",
    "published_n", "threshold", "ours", "ci_low",
    "ci_high", "margin", "level", "n", "runs", "missing", "dead", "p_for", "p_against", "holm_for", "holm_against", "verdict",
    "note" }, list)
end

return scoreboard

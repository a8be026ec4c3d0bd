--- Verdicts as a reader sees them: the table on a book's first page, the block under a chapter, and
--- OUT/claims.csv. Takes answers by claim id, as chapters give them (verdict.lua).
local scoreboard = {}

local claims = require "verdicts.claims"
local format = require "text.format"
local own_claims = require "verdicts.own_claims"
local tables = require "text.tables"
local verdict = require "verdicts.verdict"
local weave = require "text.weave"

--- Verdicts on all claims, or on those answered only, in the paper's order.
function scoreboard.verdicts(answers, answered_only)
  local list = {}
  for _, claim in ipairs(claims.all()) do
    if answers[claim.id] or not answered_only then
      list[#list + 1] = verdict.of(claim, answers[claim.id])
    end
  end
  return list
end

--- "differs: 1.90 points above"
local function words(r)
  if r.word == "reproduced" then return "**reproduced**" end
  if r.word == "differs" then
    if r.claim.judge == "lower" then return "**differs**: it is the other way round" end
    if r.claim.at_least then
      return ("**differs**: below %s"):format(claims.show(r.claim, r.claim.at_least))
    end
    return ("**differs**: %s %s"):format(claims.distance(r.claim, math.abs(r.difference)), r.side)
  end
  if r.word == "inconclusive" and r.smallest then
    return ("inconclusive: %s would have shown"):format(claims.distance(r.claim, r.smallest))
  end
  return r.word == "shown" and "shown: another machine" or r.word
end

local function interval(r)
  if not r.low then return "–" end
  return ("%s to %s"):format(claims.show(r.claim, r.low), claims.show(r.claim, r.high))
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

local order = { "reproduced", "differs", "inconclusive", "shown" }

--- "20 reproduced, 3 differ, ..."
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
      parts[#parts + 1] = ("%d %s"):format(count[word], word == "differs" and count[word] > 1
        and "differ" or word)
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

--- One line a claim; those marked `detail` one line for all that stand in a row.
local function rows(results)
  local list, small, where = {}, {}, nil
  local function flush()
    if #small > 0 then list[#list + 1] = summed(where, small) end
    small = {}
  end
  for _, r in ipairs(results) do
    local claim = r.claim
    if not claim.detail or claim.where ~= where then flush() end
    where = claim.where
    if claim.detail then
      small[#small + 1] = r
    else
      list[#list + 1] = { ("%s: %s"):format(where, stated(claim)), published(claim),
        r.low and ("%s (%s)"):format(claims.show(claim, r.ours), interval(r))
          or claims.show(claim, r.ours), r.n or "", words(r) }
    end
  end
  flush()
  return list
end

local function right(name)
  return { name, align = "right" }
end

--- Markdown for a book's head: counts, how to read them, one table. `commit`: the one that last
--- changed the margins.
function scoreboard.overview(results, commit)
  local head = ("**Verdicts** on %d claims of the paper: %s."):format(#results, tally(results))
  local how = ("*Ours* is the mean over runs, or a share of runs, in brackets the 95 %% interval "
    .. "that a published value lies in if chance alone parts the two. *Reproduced*: the margin holds "
    .. "(two one-sided tests at 5 %%). *Differs*: the published value lies outside the interval. "
    .. "*Inconclusive*: neither; then it says what difference so few runs would have shown. Margins "
    .. "stand in `paper/claims.lua` and were last changed in commit `%s`. Each claim with its "
    .. "measurement stands at the end of its chapter, all of them in `claims.csv`."):format(commit)
  local columns = { "Claim", right "Published", right "Ours", right "n", "Verdict" }
  return table.concat({ weave.wrap(head), tables.markdown(columns, rows(results)), weave.wrap(how) },
    "\n\n")
end

-- ---- a chapter's block and the file -------------------------------------------------------------

--- Verdicts on a chapter's own claims (own_claims.lua), in their order.
function scoreboard.own(list, answers)
  local results = {}
  for i, claim in ipairs(list) do
    local answer = answers[claim.id]
    results[i] = verdict.of(own_claims.shown(claim, answer), answer)
  end
  return results
end

--- Markdown for the end of a chapter, or nil if it answers nothing.
function scoreboard.block(results, heading)
  if #results == 0 then return nil end
  local list = {}
  for i, r in ipairs(results) do
    local claim = r.claim
    list[i] = { ("`%s`"):format(claim.id), claim.where and claim.metric or stated(claim),
      published(claim), claims.show(claim, r.ours),
      interval(r), claim.delta and "±" .. claims.distance(claim, claim.delta)
        or claim.at_least and "at least " .. claims.show(claim, claim.at_least) or "–", r.n or "",
      words(r) .. (r.note and (" (%s)"):format(r.note) or "") }
  end
  return ("**%s**\n\n"):format(heading or "Claims of the paper that this chapter answers.")
    .. tables.markdown({ "Id", "Metric",
    right "Published", right "Ours", right "95 % interval", right "Margin", right "n", "Verdict" },
    list)
end

--- OUT/claims.csv: plain numbers in the units of paper/claims.lua.
function scoreboard.csv(results)
  local list = {}
  local function number(x) return x and ("%.10g"):format(x) end
  for i, r in ipairs(results) do
    local claim = r.claim
    local value = claim.published
    list[i] = { claim.id, claim.where, claim.metric,
      number(type(value) == "table" and value.mean or value), number(r.ours), number(r.low),
      number(r.high), number(claim.delta), r.n, r.side and r.word .. " " .. r.side or r.word }
  end
  return tables.csv({ "id", "where", "metric", "published", "ours", "ci_low", "ci_high", "delta", "n",
    "verdict" }, list)
end

return scoreboard

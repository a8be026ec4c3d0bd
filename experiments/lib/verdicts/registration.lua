--- The registration as a section of a book: what was fixed for every claim before its runs.
local registration = {}

local claims = require "verdicts.claims"
local format = require "text.format"
local power = require "verdicts.power"
local tables = require "text.tables"
local weave = require "text.weave"

local tests = {
  mean = "two one-sided tests; Welch", gap = "withdrawn: two one-sided tests; Welch",
  noninferior = "non-inferiority (Student's t)", rank = "exact rank", share = "exact binomial",
  pairs = "sign test", cases = "exact binomial, every case", exhibit = "one run that does",
  exact = "equality",
}

local function planned(claim)
  if claim.judge == "rank" then return ("p ≥ %s"):format(format.fixed(2 / (claim.n + 1), 3)) end
  if not claim.plan then return "–" end
  return claim.plan.sd and ("sd %s points"):format(format.fixed(100 * claim.plan.sd, 2))
    or ("share %s%s"):format(format.percent(claim.plan.share, 0),
      claim.plan.n and (", n = %s"):format(format.count(claim.plan.n)) or "")
end

--- { title, body } of the section.
function registration.section()
  local rows, open = {}, {}
  for _, claim in ipairs(claims.all()) do
    if tests[claim.judge] then
      local alone, strictest = power.of(claim), power.of(claim, claim.family and claims.in_family(claim.family))
      rows[#rows + 1] = { ("`%s`"):format(claim.id), claim.family or "–", tests[claim.judge] .. (claim.level and (", at %s"):format(format.percent(claim.level, 0)) or ""),
        claim.n or "–", claims.margin(claim), planned(claim), alone and format.percent(alone, 0) or "–",
        strictest and format.percent(strictest, 0) or "–" }
    end
    if claim.open then
      open[claim.open] = open[claim.open] or { #open + 1 }
      local list = open[claim.open]
      if list[1] > #open then open[#open + 1] = claim.open end
      list[#list + 1] = ("`%s`"):format(claim.id)
    end
  end
  local lines = {}
  for i, reason in ipairs(open) do
    lines[i] = weave.wrap(("- %s: %s."):format(table.concat(open[reason], ", ", 2), reason))
  end
  local right = function(name) return { name, align = "right" } end
  return { id = "registration", title = "The registration", body = weave.wrap(weave.dedent [[
    What was fixed for every claim before its runs, in `paper/claims.lua`. *n* are runs, pairs, tables,
    or the fewest runs of a case. *Power* is the chance that the test shows the claim if it is true: for
    a mean, a true difference of 0; for a share, the one that is planned with, and where that is below the
    margin the chance that the test against the claim shows it. It is that of the test by
    itself; *strictest* is the same at the first step of Holm's adjustment, where all other tests of the family
    fail. Of cases it is that of one case, the weakest, though all have to show it. A rank among n runs has no p below 2 / (n + 1). Descriptions are left
    out; they have no test.]])
    .. "\n\n" .. tables.markdown({ "Claim", "Family", "Test", right "n", right "Margin",
      right "Planned with", right "Power", right "Strictest" }, rows)
    .. "\n\nWhat was said beforehand to be open, as no affordable number of runs decides it for certain; some of it was "
    .. "decided all the same:\n\n" .. table.concat(lines, "\n") }
end

return registration

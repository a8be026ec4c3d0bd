--- The chance that a registered test shows a claim that is true, from what the claim plans with: the
--- spread or the share that paper/claims.lua states. Before Holm's adjustment, which makes it smaller.
local power = {}

local stats = require "statistics.stats"

local SIGNIFICANT = 0.05

--- Standard error and degrees of freedom (Welch, Satterthwaite) of our mean minus a published one.
local function welch(sd, n, published)
  local parts = { { sd ^ 2 / n, n - 1 } }
  if published then parts[2] = { published.sd ^ 2 / published.n, published.n - 1 } end
  local variance, fourth = 0, 0
  for _, part in ipairs(parts) do
    variance, fourth = variance + part[1], fourth + part[1] ^ 2 / part[2]
  end
  return math.sqrt(variance), variance ^ 2 / fourth
end

--- Where the true difference is 0: the estimate must fall nearer to 0 than delta - t * se.
local function of_equivalence(claim)
  local published = claim.row and claim.row.published or claim.published
  local se, df = welch(claim.plan.sd, claim.n, published)
  local room = claim.delta / se - stats.t_quantile(1 - SIGNIFICANT, df)
  return room > 0 and 2 * stats.t_cdf(room, df) - 1 or 0.0
end

local function of_noninferiority(claim)
  local se, df = welch(claim.plan.sd, claim.n)
  return stats.t_cdf(claim.delta / se - stats.t_quantile(1 - SIGNIFICANT, df), df)
end

--- The exact binomial test of `bar` at `level`, where the true share is that of the plan.
local function of_counts(claim, bar, level)
  local low, high = 0, claim.n + 1 -- the fewest that reject, by halving
  while low < high do
    local k = (low + high) // 2
    if stats.binomial_upper(k, claim.n, bar) < level then high = k else low = k + 1 end
  end
  return low <= claim.n and stats.binomial_upper(low, claim.n, claim.plan.share) or 0.0
end

local of = {
  mean = of_equivalence, gap = of_equivalence, noninferior = of_noninferiority,
  share = function(claim) return of_counts(claim, claim.at_least, SIGNIFICANT) end,
  cases = function(claim) return of_counts(claim, claim.at_least, SIGNIFICANT) end,
  pairs = function(claim) return of_counts(claim, 0.5, SIGNIFICANT / 2) end,
}

local STEPS, MOST, ENOUGH = 10, 5000, 0.8

--- How many runs would decide about a share that is as it was seen: the test for the claim, or the one
--- against it, rejects in four cases of five. nil: not even 5,000 would.
function power.enough(claim, share)
  for n = STEPS, MOST, STEPS do
    local plan = { at_least = claim.at_least, n = n, plan = { share = share } }
    if share > claim.at_least then
      if of_counts(plan, claim.at_least, SIGNIFICANT) >= ENOUGH then return n end
    else -- as many failures
      plan.plan.share = 1 - share
      if of_counts(plan, 1 - claim.at_least, SIGNIFICANT / 2) >= ENOUGH then return n end
    end
  end
end

--- The power of a claim's test as registered, or nil where it has none to plan.
function power.of(claim)
  return claim.plan and of[claim.judge] and of[claim.judge](claim) or nil
end

return power

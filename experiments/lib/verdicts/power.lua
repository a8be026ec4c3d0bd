--- The chance that a registered test shows a claim that is true, from what the claim plans with: the
--- spread or the share that paper/claims.lua states. By itself, or at the strictest step of Holm's adjustment.
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
local function of_equivalence(claim, level)
  local published = claim.row and claim.row.published or claim.published
  local se, df = welch(claim.plan.sd, claim.n, published)
  local room = claim.delta / se - stats.t_quantile(1 - level, df)
  return room > 0 and 2 * stats.t_cdf(room, df) - 1 or 0.0
end

local function of_noninferiority(claim, level)
  local se, df = welch(claim.plan.sd, claim.n)
  return stats.t_cdf(claim.delta / se - stats.t_quantile(1 - level, df), df)
end

--- The exact binomial test of `bar` at `level` with n runs, where the true share is `share`.
local function of_counts(n, share, bar, level)
  local low, high = 0, n + 1 -- the fewest that reject, by halving
  while low < high do
    local k = (low + high) // 2
    if stats.binomial_upper(k, n, bar) < level then high = k else low = k + 1 end
  end
  return low <= n and stats.binomial_upper(low, n, share) or 0.0
end

--- The test for a share of at least `bar` where the true one is above, and where it is below the test against
--- it, two-sided: as many failures.
local function of_share(n, share, bar, level)
  if share > bar then return of_counts(n, share, bar, level) end
  return of_counts(n, 1 - share, 1 - bar, level / 2)
end

local function of_least(claim, level)
  return of_share(claim.plan.n or claim.n, claim.plan.share, claim.at_least, level)
end

local of = {
  mean = of_equivalence, noninferior = of_noninferiority, share = of_least, cases = of_least,
  pairs = function(claim, level) return of_counts(claim.n, claim.plan.share, 0.5, level / 2) end,
}

local STEPS, MOST, ENOUGH = 10, 5000, 0.8

--- How many runs would decide about a share that is as it was seen: the test for the claim, or the one
--- against it, rejects in four cases of five. nil: not even 5,000 would.
function power.enough(claim, share)
  for n = STEPS, MOST, STEPS do
    if of_share(n, share, claim.at_least, SIGNIFICANT) >= ENOUGH then return n end
  end
end

--- The power of a claim's test as registered, or nil where it has none to plan; of cases, that of the weakest.
--- `tests`: as one of so many of a family, at the strictest step of Holm's method; by itself without.
function power.of(claim, tests)
  local test, level = of[claim.judge], (claim.level or SIGNIFICANT) / (tests or 1)
  return claim.plan and test and test(claim, level) or nil
end

return power

-- Which of the policies learned for Figure 1 goes on to Figure 2, Table 1 and Figure 3. The answer
-- is fixed here, on boundary tasks alone, before any image is looked at.
local lab = require "experiment"
local boundary = require "setups.boundary"
local claims = require "verdicts.claims"
local format = require "text.format"
local protocol = require "setups.protocol"
local stats = require "statistics.stats"

local threshold = claims.get("figure1.convergence").threshold

local function numbers(results, needs)
  local trained = needs.figure1
  local chosen, by_kind = protocol.choose(results, trained), protocol.by_kind(results, trained)
  local given = lab.given_policy()
  local function good(kind)
    local count = 0
    for _, c in ipairs(by_kind[kind]) do
      if c.mean and c.mean >= threshold then count = count + 1 end
    end
    return ("%d of %d"):format(count, #by_kind[kind])
  end
  local function middle(kind)
    return format.percent(stats.median(lab.values(by_kind[kind], "mean")))
  end
  return {
    training = format.counted(math.min(#trained, lab.budget().candidates), "seed"),
    candidates = #by_kind.final + #by_kind.average,
    unseen = format.counted(#protocol.unseen(), "boundary task"), unseen_seeds = format.ranges(protocol.unseen()),
    final_good = good "final", average_good = good "average",
    final_median = middle "final", average_median = middle "average",
    chosen_seed = chosen and ("%.0f"):format(chosen.seed) or "–",
    chosen_mean = format.percent(chosen and chosen.mean, 2),
    goes_on = given
      and ("**This report was given a policy of its own, `%s`: that one goes on instead.**")
        :format(given.name)
      or "That table, frozen, is the policy of all chapters that follow (`policy.csv`).",
  }
end

return lab.chapter {
  id = "policy",
  title = "Which policy goes on?",
  finding = "of use on unseen boundaries: ${final_good} tables that training ends with, and "
    .. "${average_good} time averages of them",
  uses_policy = true,
  needs = { "figure1" },

  [[
  **The open point.** The paper applies "the static policy generated in Figure 1" to everything that
  follows. But each training run ends with a table of its own, and the last one is a sample of a
  moving thing: every iteration updates an entry many times, so the table forgets within tens of
  iterations. Besides the table at the end (*final*) each run therefore also gives the average of
  all its tables over time, the first quarter of the run left out (*average*).

  **The protocol**, stated before any run on images and using boundary tasks only:

  1. Candidates are the final and the average table of each of the first ${training} of
     Figure 1.
  2. Each is frozen and applied, with ε = 0.25, to ${unseen} that no training run has
     seen (seeds ${unseen_seeds}); it is judged by its mean final accuracy there.
  3. The best *average* table goes on; of equals, that of the lower seed. The final tables are shown
     beside it, to tell how much of a lottery it would be to take one of those.
  ]],

  runs = function(needs) return protocol.runs(needs.figure1, boundary.options()) end,

  lab.figure {
    name = "policy",
    title = "The policy lottery",
    caption = [[
      Mean final accuracy of each candidate on the unseen tasks, with the range over these tasks;
      seeds in the order of their average tables.]],
    columns = 1,
    alt = [[
      Mean accuracy of each candidate on unseen tasks: ${average_good} averaged tables reach
      ${figure1.convergence.threshold}, and ${final_good} final ones (medians ${average_median} and
      ${final_median}).]],
    panels = function(results, needs)
      return protocol.panels(results, needs.figure1, threshold)
    end,
  },

  [[
  **Result.** ${final_good} final tables reach ${figure1.convergence.threshold} on average over the
  unseen tasks, and ${average_good} averaged ones (medians ${final_median} and ${average_median}).
  The protocol picks the average table of training seed ${chosen_seed}, which reaches
  ${chosen_mean}. ${goes_on}
  ]],

  claims = function(results, needs)
    local means, keys = {}, {}
    for _, candidate in ipairs(protocol.by_kind(results, needs.figure1).final) do
      means[#means + 1], keys[#keys + 1] = candidate.mean, candidate.mean and candidate.keys
    end
    return { ["policy.boundaries"] = { values = means, keys = keys,
      runs = math.min(#needs.figure1, lab.budget().candidates) } }
  end,

  numbers = numbers,

  lab.table {
    name = "policy-candidates",
    title = "Candidates",
    caption = [[
      Accuracy at the end of training, and mean final accuracy on the unseen tasks when frozen.]],
    columns = { { "Training seed", align = "right" }, { "In training", align = "right" },
      { "Final table", align = "right" }, { "Average table", align = "right" } },
    rows = function(results, needs) return protocol.rows(results, needs.figure1) end,
    csv = function(results, needs) return protocol.csv(results, needs.figure1) end,
  },

  files = function(results, needs)
    local policy = protocol.given() or protocol.picked(results, needs.figure1)
    return policy and { ["policy.csv"] = policy.csv } or {}
  end,

  instead = protocol.given,
  foresees = protocol.foreseen,
  provides = function(results, needs)
    return protocol.picked(results, needs.figure1)
      or error("policy: no candidate could be judged, so no policy goes on", 0)
  end,
}

-- Figure 2 of the paper: the policy of Figure 1, frozen, on boundaries it has never seen.
local lab = require "experiment"
local boundary = require "setups.boundary"
local claims = require "verdicts.claims"
local format = require "text.format"
local stats = require "statistics.stats"

local threshold = claims.get("figure2.quickly").threshold

--- "13 of 20"
local function good(accuracies)
  local k = 0
  for _, value in ipairs(accuracies) do k = k + (value >= threshold and 1 or 0) end
  return ("%d of %d"):format(k, #accuracies)
end

--- All runs of the report with a policy in training as in Figure 1.
local function in_training(results, needs)
  local all = table.move(needs.figure1, 1, #needs.figure1, 1, {})
  return table.move(results.training, 1, #results.training, #all + 1, all)
end

return lab.chapter {
  id = "figure2",
  title = "Figure 2: the frozen policy on new boundaries",
  finding = "${share} of the unseen boundaries end at ${figure2.convergence.threshold} accuracy or "
    .. "more; a straight line has that on ${line_good} of those that are drawn",
  uses_policy = true,
  needs = { "figure1", "policy" },

  [[
  Now the table no longer changes: every weight of a new network, on a new target, follows
  ${policy}. Everything else is as in Figure 1 (ε = 0.25, α_s = 0.001, 2,000 points).

  **The paper says** that with a static policy "${figure2.smoothly.quote}"; its run ends at
  ${figure2.accuracy} accuracy and a loss of ${figure2.loss}.
  ]],

  runs = function(needs) return boundary.transfer(needs.policy.csv) end,

  [[
  **We run** ${seeds}, and on each of them also a policy in training as in Figure 1, from the same
  points and initial weights, so that the two are compared pair by pair. The figure shows the frozen
  run of median final accuracy among the first ${drawn}.
  ]],

  lab.figure {
    name = "figure2",
    title = "Figure 2",
    caption = [[
      Frozen policy on new boundary tasks. **A** the true boundary, **B** the learned one, both of
      seed ${shown} (final accuracy ${shown_accuracy}, loss ${shown_loss}; published:
      ${figure2.accuracy}, ${figure2.loss}); **C** loss and **D** accuracy in every iteration.]],
    alt = [[
      Frozen policy on new boundaries: ${share} of them end at ${figure1.convergence.threshold}
      accuracy or more; the run shown ends at ${shown_accuracy}.]],
    panels = function(results) return boundary.panels(results.frozen, threshold) end,
  },

  lab.table {
    name = "figure2-summary",
    title = "Training and applying",
    caption = [[
      A policy in training, on the targets of Figure 1 and on those of Figure 2, and the frozen one
      on those of Figure 2. Iterations to
      ${figure2.quickly.threshold} are the median over the runs that get there; the last column is the
      mean share of iterations with a reward of +1, a measure of how smoothly the loss falls.]],
    columns = boundary.columns(threshold),
    rows = function(results, needs)
      return {
        boundary.row("in training, Figure 1", boundary.summary(needs.figure1, threshold)),
        boundary.row("in training, here", boundary.summary(results.training, threshold)),
        boundary.row("frozen", boundary.summary(results.frozen, threshold)),
      }
    end,
  },

  [[
  **Result.** With the frozen policy ${share} of the targets end at ${figure2.quickly.threshold} or
  more, with a policy in training ${share1} of the same targets. The median final accuracy is
  ${median} (in training ${median1}). ${touch} In training: ${touch1}

  Over all runs of the report with a policy in training, those of Figure 1 and these, ${all} end at
  ${figure2.quickly.threshold} or more.

  **How hard is it?** The target is a random network of 100 hidden units, but over the square that it is
  looked at most of these boundaries are nearly straight. A straight line, fitted by least squares to the
  target's outputs on a fine grid, has the right side on ${line} of the square in the median over
  those that are drawn, ${drawn_targets}, and on 95 % or more for ${line_good} of them; the learned networks have
  ${learned} and ${learned_good}. Target by target the network is ahead by ${gain}.

  "More quickly" is taken by the iterations to ${figure2.quickly.threshold}, never being the longest;
  "more smoothly" by the roughness of the loss curve: the way it goes up and down, over the distance
  between its highest and its lowest point. A curve that only falls has a roughness of 1.
  ]],

  claims = function(results, needs)
    local accuracy = lab.sample(results.frozen, "train.accuracy")
    local function pairs_of(measure)
      return boundary.pairs(results.frozen, results.training, measure, threshold)
    end
    return {
      ["figure1.convergence"] = lab.sample(in_training(results, needs), "train.accuracy"),
      ["figure2.accuracy"] = accuracy, ["figure2.convergence"] = accuracy,
      ["figure2.loss"] = lab.sample(results.frozen, "train.loss"),
      ["figure2.quickly"] = pairs_of(boundary.arrivals),
      ["figure2.smoothly"] = pairs_of(boundary.roughness),
    }
  end,

  numbers = function(results, needs)
    local shown, s = boundary.shown(results.frozen), boundary.summary(results.frozen, threshold)
    local s1 = boundary.summary(results.training, threshold)
    local lines, learned = boundary.lines(results.frozen)
    local gain = stats.paired(learned, lines)
    return {
      drawn = #lines, drawn_targets = format.counted(#lines, "target"), line = format.percent(stats.median(lines)),
      learned = format.percent(stats.median(learned)), line_good = good(lines),
      learned_good = good(learned), gain = gain and ("%s points (95 %% interval %s to %s)"):format(
        format.signed(100 * gain.mean, 2), format.signed(100 * gain.low, 2),
        format.signed(100 * gain.high, 2)) or "–",
      all = boundary.share(boundary.summary(in_training(results, needs), threshold)),
      policy = needs.policy.words,
      seeds = format.counted(s.runs, "target"), share = boundary.share(s), share1 = boundary.share(s1),
      median = format.percent(stats.median(s.accuracy)),
      median1 = format.percent(stats.median(s1.accuracy)),
      touch = boundary.touch(s, threshold), touch1 = boundary.touch(s1, threshold),
      shown = shown and ("%.0f"):format(shown.spec.seed) or "–",
      shown_accuracy = format.percent(shown and shown.train.accuracy),
      shown_loss = format.fixed(shown and shown.train.loss, 6),
    }
  end,
}

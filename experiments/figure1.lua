-- Figure 1 of the paper: a policy that is trained while it trains a network.
local lab = require "experiment"
local boundary = require "setups.boundary"
local claims = require "verdicts.claims"
local format = require "text.format"
local protocol = require "setups.protocol"
local stats = require "statistics.stats"

local threshold = claims.get("figure1.convergence").threshold

return lab.chapter {
  id = "figure1",
  title = "Figure 1: policy and network learn together",
  finding = "${share} of the seeds end at ${figure1.convergence.threshold} accuracy or more",

  [[
  **The task.** A network of two inputs, 100 hidden units and one output is to draw the same
  boundary in the plane as another network of that shape, whose weights are random. Both use tanh.
  It sees 2,000 random points of the square from −10 to 10 and what the other network answers there.

  **The method.** There is no gradient. In every iteration each weight ("synapse") moves up, moves
  down, or rests, by one small step of α_s = 0.001. It chooses by looking up its own two last moves
  and the network's two last rewards in a table of values Q, the same table for all weights; in a
  quarter of the cases (ε = 0.25) it chooses at random. Then the loss is measured once for the whole
  network: reward +1 if it fell, else −1. With that reward the table itself is improved by
  Q-learning (rate α_q = 0.01, discount γ = 0.9). It starts as all zeros.

  **The paper says** that "${figure1.convergence.quote}"; its figure shows one run that ends at an
  accuracy of ${figure1.accuracy} and a loss of ${figure1.loss}.
  ]],

  runs = boundary.training,
  provides = function(results) return results end, -- so that nothing goes on where every run has failed
  foresees = function() return protocol.foreseen_training(lab.budget().training_seeds) end,

  [[
  **We run** ${seeds} from ${first} on, none of which was run before the registration; a seed
  decides the target, the points, the initial weights and every random choice. The figure shows the
  run of *median* final accuracy among the first ${drawn} (the lower one of two in the middle), so
  that it is neither the best nor the worst; the others of these stand behind it in grey.
  ]],

  lab.figure {
    name = "figure1",
    title = "Figure 1",
    caption = [[
      Policy in training on the boundary task. **A** the true boundary, **B** the learned one, both
      of seed ${shown} (final accuracy ${shown_accuracy}, loss ${shown_loss}; published:
      ${figure1.accuracy}, ${figure1.loss}); **C** loss and **D** accuracy in every iteration.]],
    alt = [[
      Policy in training on the boundary task: ${share} of the seeds end at
      ${figure1.convergence.threshold} accuracy or more; the run shown ends at ${shown_accuracy}.]],
    panels = function(results) return boundary.panels(results, threshold) end,
  },

  [[
  **Result.** ${share} of the seeds end at ${figure1.convergence.threshold} accuracy or more. Final
  accuracies go from ${min} through a median of ${median} to ${max}. ${touch}
  The published run is one such run. Whether convergence is reliable is asked of all runs of this
  configuration, those on the targets of Figure 2 among them, and answered there.
  ]],

  claims = function(results)
    local accuracy = lab.sample(results, "train.accuracy")
    return { ["figure1.accuracy"] = accuracy, ["figure1.loss"] = lab.sample(results, "train.loss") }
  end,

  numbers = function(results)
    local shown, s = boundary.shown(results), boundary.summary(results, threshold)
    return {
      seeds = format.counted(s.runs, "seed"), drawn = lab.budget().drawn_seeds, first = ("%d"):format(lab.budget().first_seed),
      share = boundary.share(s), touch = boundary.touch(s, threshold),
      min = format.percent(stats.min(s.accuracy)),
      median = format.percent(stats.median(s.accuracy)),
      max = format.percent(stats.max(s.accuracy)),
      shown = shown and ("%.0f"):format(shown.spec.seed) or "–",
      shown_accuracy = format.percent(shown and shown.train.accuracy),
      shown_loss = format.fixed(shown and shown.train.loss, 6),
    }
  end,
}

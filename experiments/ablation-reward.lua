-- What should count as a reward?
local lab = require "experiment"
local ablation = require "setups.ablation"
local claims = require "verdicts.claims"
local rewards = require "setups.rewards"

local study = lab.study {
  name = "ablation-reward",
  title = "Accuracy by what counts as a reward",
  caption = [[
    Final accuracy on boundary tasks with the policy in training, minus that under the paper's
    reward: means of the paired differences with their 95 % intervals (Student's t).]],
  over = { { name = "reward", of = rewards.name } },
  labels = { reward = "reward" },
  reference = { reward = rewards[1].name },
  threshold = claims.get("figure1.convergence").threshold,
  picture = "forest",
}

return lab.chapter {
  id = "ablation-reward",
  title = "Ablation: the reward",
  finding = "${extremes}",

  [[
  The paper's reward is one bit: +1 if the loss fell since the last iteration, else −1. Here are
  others: no reward for a tie, or for changes within a band (a share of the loss); better than the
  best so far, or than a moving average, in place of better than the last; the magnitude of the
  change in several levels, which Q learns from while histories keep the sign; a reward that comes
  late; and accuracy in place of the loss. The last two are rewards in Lua (`policies/rewards/`): the
  paper's bit of which a tenth is turned over, and the change of the loss against its usual size, as a
  number. All else is as in Figure 1, policy in training,
  ${iterations} iterations, ${seeds} each, the same seeds for all.
  ]],

  runs = function() return ablation.under(rewards, {}) end,

  study.figure,
  study.table,

  numbers = function(results) return ablation.numbers(study, results) end,

  [[
  **Result.** ${words}
  ]],
}

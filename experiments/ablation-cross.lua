-- History and reward, crossed: does the best length depend on what counts as a reward?
local lab = require "experiment"
local ablation = require "setups.ablation"
local claims = require "verdicts.claims"
local rewards = require "setups.rewards"

local HISTORIES = { 1, 2, 3 }
local SCHEMAS = { "the paper's", "band of 1 %, 0 within", "against the best",
  "against the average of 10", "magnitude, 10 levels", "5 iterations late", "accuracy, not loss" }

local study = lab.study {
  name = "ablation-cross",
  title = "History and reward together",
  caption = "Mean final accuracy on boundary tasks with the policy in training.",
  over = { "policy.history", { name = "reward", of = rewards.name } },
  labels = { ["policy.history"] = "history n", reward = "reward" },
  reference = { ["policy.history"] = 2, reward = rewards[1].name },
  threshold = claims.get("figure1.convergence").threshold,
}

return lab.chapter {
  id = "ablation-cross",
  title = "Ablation: history and reward together",
  finding = "${extremes}",

  [[
  The two questions at once: histories of 1 to 3 under seven rewards, ${seeds} a cell,
  ${iterations} iterations, everything else as in Figure 1. The cells that stand in the two chapters
  before are the same runs.
  ]],

  runs = function()
    local schemas = {}
    for i, name in ipairs(SCHEMAS) do schemas[i] = rewards.by_name(name) end
    return ablation.under(schemas, { history = HISTORIES })
  end,

  study.figure,
  study.table,

  numbers = function(results) return ablation.numbers(study, results) end,

  [[
  **Result.** ${words}
  ]],

  foresees = ablation.foreseen_cells,
  provides = function(results) return study.cells(results) end,
}

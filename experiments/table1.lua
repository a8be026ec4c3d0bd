-- Table 1 of the paper: letters, with the frozen policy and with gradient descent.
--   table1-0hu.lua and table1-32hu.lua run half of it each.
local lab = require "experiment"
local comparison = require "verdicts.comparison"
local format = require "text.format"
local images = require "setups.images"
local letters = require "setups.letters"
local stats = require "statistics.stats"

--- "10 runs of Syn. RL 32 HU, ..."
local function row_sizes(results)
  local words = {}
  for _, row in ipairs(letters.rows) do
    if results[row.key] then
      words[#words + 1] = ("%s of %s"):format(format.counted(#results[row.key], "run"), row.name)
    end
  end
  return table.concat(words, ", ")
end

return lab.chapter {
  id = "table1",
  title = "Table 1: letters without gradients",
  finding = "synaptic RL has ${synaptic32} against ${descent32} of gradient descent with 32 hidden "
    .. "units, and ${synaptic0} against ${descent0} with none",
  uses_images = true,
  uses_policy = true,
  uses_seeds = true,
  needs = { "policy" },

  [[
  **The task.** ${set_is}, in grey pixels, are to be named. ${split} Networks have
  ${inputs} inputs, ${outputs} outputs (softmax, cross-entropy) and either 32 hidden units (ReLU) or
  none. *Synaptic RL* follows ${policy}, with ε = 0.1 and α_s = 0.0001, ${batches}: 200,000 iterations
  without hidden units, 500,000 with 32, where α_s is halved at iteration 60,000. *Gradient descent* uses all training images at once
  at a rate of 0.1. It starts, and runs as long, as in the authors' code, since the paper does not
  say: without hidden units from weights uniform in [−1, 1] for 5,000 iterations, with 32 from
  normal ones for 500.

  **The paper says** that both methods are on a par: ${table1.synaptic32.mean} against
  ${table1.descent32.mean} with 32 hidden units, ${table1.synaptic0.mean} against
  ${table1.descent0.mean} with none (means of ${table1.synaptic0.n} runs).
  ]],

  runs = function(needs)
    local named = {}
    for _, row in ipairs(letters.rows) do named[row.key] = letters.row(row.key, needs.policy) end
    return named
  end,

  "${status}",

  lab.table {
    name = "table1",
    title = "Table 1",
    caption = [[
      Accuracy on the validation images in the last iteration, never the best one, of the networks that
      train. Runtime is the
      mean of one run. ${differences}]],
    columns = letters.columns,
    rows = letters.table,
    csv = letters.csv,
  },

  letters.collapsed,
  letters.gaps,

  claims = letters.claims,

  numbers = function(results, needs)
    local may, profile = comparison.images(), require("synlab").profile
    local numbers = {
      policy = needs.policy.words,
      split = require("synlab").data(lab.data()).parts
          and "The set itself says which of them train and which validate."
        or "Three quarters of them train, the rest validates; the split is drawn anew for each seed.",
      differences = may.compared and "Differences, in percentage points, are ours minus published."
        or "",
      status = not may.shown
          and "**The images are not the paper's, so the published rows are left out.**"
        or not may.compared and ("**These are reduced runs (profile `%s`), far shorter than the "
          .. "paper's: the published rows stand beside them for orientation, and no difference is "
          .. "taken.**"):format(profile.name)
        or ("**We run** %s, from seed %.0f on; runs of the same seed have the same split, whichever the "
          .. "method."):format(row_sizes(results), lab.budget().first_seed),
    }
    for _, row in ipairs(letters.rows) do
      local accuracy = letters.alive(results[row.key] or {}).values
      numbers[row.key] = format.percent(stats.mean(accuracy), 2)
    end
    return images.beside(numbers)
  end,
}

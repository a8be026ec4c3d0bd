-- Every other option of the method, one at a time against the paper's value.
local lab = require "experiment"
local ablation = require "setups.ablation"
local budget = lab.budget().ablation
local format = require "text.format"
local images = require "setups.images"
local variants = require "setups.variants"

local INTERVAL = 5000 -- iterations between two batches, in the protocol

--- The last group: letters without hidden units, the protocol's policy, frozen.
local function on_letters(_, options, needs)
  return images.fit(lab.sweep {
    lab.set { task = "images", data = lab.data(), net = images.net() },
    lab.synaptic { policy = lab.table_policy(needs.policy.csv), epsilon = 0.1,
      rate = 0.0001, batch_size = images.BATCH, batch_interval = INTERVAL },
    lab.set(budget.letters), lab.set(options or {}),
    seeds = lab.seeds(ablation.FIRST_SEED, budget.letters_seeds) })
end

--- Each list: parameters of the policy, then options of the run. `reference`: where their values
--- stand unchanged.
local groups = {
  { key = "policy", label = "A", title = "How the policy learns", reference = "Figure 1", list = {
    { "α_q = 0.001", { rate = 0.001 } }, { "α_q = 0.1", { rate = 0.1 } }, { "α_q = 1", { rate = 1 } },
    { "γ = 0", { discount = 0 } }, { "γ = 0.5", { discount = 0.5 } }, { "γ = 0.99", { discount = 0.99 } },
    { "α_q from 0.1 to 0.001", { rate = 0.1, rate_end = 0.001, rate_over = budget.iterations } },
    { "actions = two (no null)", { actions = "two" } },
    { "actions = five (two step sizes)", { actions = "five" } },
  } },
  { key = "steps", label = "B", title = "Exploration and the size of a step",
    reference = "Figure 1", list = {
    { "ε = 0", {}, { epsilon = 0 } }, { "ε = 0.05", {}, { epsilon = 0.05 } },
    { "ε = 0.1", {}, { epsilon = 0.1 } }, { "ε = 0.5", {}, { epsilon = 0.5 } },
    { "α_s = 0.0003", {}, { rate = 0.0003 } }, { "α_s = 0.003", {}, { rate = 0.003 } },
    { "α_s = 0.01", {}, { rate = 0.01 } },
    { "α_s halved half-way", {}, { rate_switch = budget.iterations // 2 } },
    { "α_s down to a tenth, linear", {}, { rate_schedule = "linear" } },
    { "α_s down to a tenth, cosine", {}, { rate_schedule = "cosine" } },
    { "ε from 0.5 to 0.05", {}, { epsilon = 0.5, epsilon_end = 0.05,
      epsilon_over = budget.iterations } },
  } },
  { key = "network", label = "C", title = "The network, its weights and its batches",
    reference = "Figure 1", list = {
    { "init_range = 0.1", {}, { init_range = 0.1 } }, { "init_range = 0.3", {}, { init_range = 0.3 } },
    { "init_range = 3", {}, { init_range = 3 } }, { "init = normal", {}, { init = "normal" } },
    { "bias_step = 0", {}, { bias_step = 0 } },
    { "500 points, drawn every 100 iterations", {}, { batch_size = 500, batch_interval = 100 } },
    { "500 points, drawn in every iteration", {}, { batch_size = 500, batch_interval = 1 } },
  } },
  { key = "letters", label = "D", title = "Letters, frozen policy", reference = "Table 1",
    runs = on_letters, path = "validation.accuracy", list = {
    { "batch_size = 500", {}, { batch_size = 500 } },
    { "batch_size = 9,000", {}, { batch_size = 9000 } },
    { "batch_interval = 500", {}, { batch_interval = 500 } },
    { "batch_interval never", {}, { batch_interval = 0 } },
    { "loss = euclidean", {}, { loss = "euclidean" } },
    { "reward by accuracy", {}, { reward_signal = "accuracy" } },
    { "reward by classes", {}, { reward_signal = "classes" } },
  } },
}

--- Does a run on letters come to where its second batch is drawn?
local function draws(interval)
  return interval > 0 and interval < (budget.letters.iterations or math.huge)
end

--- Does a set have images enough for this to be another run than the reference?
local function stands(group, item)
  local options = group.runs and item[3] or {}
  if options.batch_interval and not draws(options.batch_interval) and not draws(INTERVAL) then
    return false -- no batch is drawn anew, as in the reference
  end
  if not (options.batch_size or options.batch_interval) then return true end
  return not images.whole(math.max(options.batch_size or 0, images.BATCH))
end

local function name(group, i) return ("%s.%d"):format(group.key, i) end

local function compared(results, group)
  local set = { name = group.key, reference = results[group.runs and group.key or "reference"],
    path = group.path or "train.accuracy" }
  for i, item in ipairs(group.list) do
    local records = results[name(group, i)]
    if records then set[#set + 1] = { label = item[1], records = records } end
  end
  return variants.new(set)
end

local shown = variants.show {
  name = "ablation-rest",
  title = "One option at a time",
  caption = [[
    Final accuracy minus that with the paper's values, mean of the paired differences with its
    95 % interval (Student's t).]],
  table_title = "One option at a time, in numbers",
  table_caption = "Final accuracy, and its paired differences in percentage points.",
  groups = groups,
  compared = compared,
}

return lab.chapter {
  id = "ablation-rest",
  title = "Ablation: every other option",
  finding = "${all}",
  uses_images = true,
  uses_policy = true,
  needs = { "policy" },

  [[
  All other options of the method, one at a time, on boundary tasks with the policy in training
  (those that decide an open point of the paper stand in "Each open point on its own"):
  ${seeds} each, ${iterations} iterations, against the values of Figure 1 (α_q = 0.01, γ = 0.9,
  ε = 0.25, α_s = 0.001, initial weights uniform in ±1, a bias moving as far as any weight). Runs
  with the same seed share boundary and points, and the initial weights but where `init` or
  `init_range` is what is varied, so differences are taken seed by seed. What only letters have is
  varied there: without hidden units, the protocol's policy frozen, ${letters_seeds},
  ${letters_iterations} iterations.
  ]],

  runs = function(needs)
    local named = { reference = ablation.runs {} }
    for _, group in ipairs(groups) do
      local one = group.runs or ablation.runs
      if group.runs then named[group.key] = one({}, {}, needs) end
      for i, item in ipairs(group.list) do
        if stands(group, item) then named[name(group, i)] = one(item[2], item[3], needs) end
      end
    end
    return named
  end,

  shown.figure,
  shown.table,

  numbers = function(results)
    local numbers = shown.sentences(results)
    numbers.iterations = format.count(budget.iterations)
    numbers.seeds = format.counted(budget.seeds, "seed")
    numbers.letters_seeds = format.counted(budget.letters_seeds, "seed")
    numbers.letters_iterations = format.count(budget.letters.iterations)
    return numbers
  end,

  [[
  **Result.** *How the policy learns.* ${policy}

  *Exploration and the size of a step.* ${steps}

  *The network, its weights and its batches.* ${network}

  *Letters.* ${letters}
  ]],
}

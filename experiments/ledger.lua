-- Every point that the paper leaves open, on its own: what does the other choice change?
local lab = require "experiment"
local boundary = require "setups.boundary"
local budget = lab.budget().ledger
local format = require "text.format"
local images = require "setups.images"
local variants = require "setups.variants"

--- The choices on letters without hidden units, with the frozen policy of the protocol.
local on_letters = {
  { "preset = authors", { preset = "authors" } },
  { "bias_step = 2", { bias_step = 2 } },
  { "update = multiplicative", { update = "multiplicative" } },
  { "init_range = 1", { init_range = 1 } },
  { "init_range = 0.01", { init_range = 0.01 } },
  { "tie_break = random", { tie_break = "random" } },
  { "batch_change = remeasure", { batch_change = "remeasure" } },
  { "split = chance", { split = "chance" } },
  { "split = dedup", { split = "dedup" } },
}

--- Those that only a network with hidden units has.
local on_deep = {
  { "rate_switch at a fifth", { rate_switch = 0.2 } },
  { "rate_switch never", { rate_switch = 0 } },
}

--- The choices on the boundary task, with the policy in training.
local on_boundary = {
  { "bias_step = 2", { bias_step = 2 } },
  { "update = multiplicative", { update = "multiplicative" } },
  { "tie_break = random", { qtable = { tie_break = "random" } } },
  { "order = synchronous", { qtable = { order = "synchronous" } } },
}

--- `size`: length and curve, `n` seeds, those of Table 1.
local function on_images(changes, needs, size, n)
  local policy = lab.table_policy(needs.policy.csv)
  local options = { preset = "paper" }
  for key, value in pairs(changes) do options[key] = value end
  policy.tie_break, options.tie_break = options.tie_break, nil
  return images.fit(lab.sweep {
    lab.set { task = "images", data = lab.data(), loss = "cross_entropy", net = images.net() },
    lab.synaptic { policy = policy, epsilon = 0.1, rate = 0.0001, batch_size = images.BATCH,
      batch_interval = 5000 },
    lab.set(size), lab.set(options), seeds = lab.seeds(lab.budget().first_seed, n),
  })
end

local function letters_runs(changes, needs)
  return on_images(changes, needs, { lab.set { iterations = 200000 }, lab.set(budget.letters) },
    budget.letters_seeds)
end

local function deep_runs(changes, needs)
  local iterations = budget.deep.iterations
  local switch = changes.rate_switch or 0.12 -- 60,000 of 500,000
  local runs = on_images({ net = images.net { 32 }, hidden = "relu" }, needs, budget.deep,
    budget.deep_seeds)
  for _, run in ipairs(runs) do run.rate_switch = math.floor(switch * iterations) end
  return runs
end

local function boundary_runs(changes)
  local options = {}
  for key, value in pairs(changes) do options[key] = value end
  local params = options.qtable or {}
  options.qtable = nil
  return lab.sweep { boundary.options(),
    lab.synaptic { policy = lab.qtable { tie_break = params.tie_break, order = params.order },
      epsilon = 0.25 },
    lab.set(options), iterations = budget.boundary_iterations,
    seeds = lab.seeds(lab.budget().first_seed, budget.boundary_seeds) }
end

--- `reference`: what stands unchanged, in the table.
local groups = {
  { key = "letters", list = on_letters, runs = letters_runs, path = "validation.accuracy",
    label = "A", title = "Letters, no hidden units, frozen policy", reference = "`paper`" },
  { key = "deep", list = on_deep, runs = deep_runs, path = "validation.accuracy",
    label = "B", title = "Letters, 32 hidden units, frozen policy", reference = "`paper`" },
  { key = "boundary", list = on_boundary, runs = boundary_runs, path = "train.accuracy",
    label = "C", title = "Boundary task, policy in training", reference = "`paper`" },
}

local function runs(needs)
  local named = {}
  for _, group in ipairs(groups) do
    named[group.key] = group.runs({}, needs)
    for i, item in ipairs(group.list) do
      -- a batch of all images is never drawn again
      if not (item[2].batch_change and images.whole(images.BATCH)) then
        named[("%s.%d"):format(group.key, i)] = group.runs(item[2], needs)
      end
    end
  end
  return named
end

--- The variants of a group with their paired differences.
local function compared(results, group)
  local set = { name = group.key, reference = results[group.key], path = group.path }
  for i, item in ipairs(group.list) do
    local records = results[("%s.%d"):format(group.key, i)]
    if records then set[#set + 1] = { label = item[1], records = records } end
  end
  return variants.new(set)
end

local shown = variants.show {
  name = "ledger",
  title = "What each open point changes",
  caption = [[
    Final accuracy minus that of the preset `paper`, mean of the paired differences with its 95 %
    interval (Student's t): **A** letters without hidden units, **B** with 32, **C** boundaries.]],
  table_title = "Each open point in numbers",
  table_caption = "Accuracy, and its paired differences in percentage points.",
  groups = groups,
  compared = compared,
}

return lab.chapter {
  id = "ledger",
  title = "Each open point on its own",
  finding = "${all}",
  uses_images = true,
  uses_policy = true,
  needs = { "policy" },

  [[
  Where the paper's text, its authors' code and common sense differ or are silent, an option decides:
  [`paper/ledger.md`](../paper/ledger.md) lists them. Here each is set to its other choice while all
  others stay with the preset `paper`; and the preset `authors` takes all of the code's choices at
  once. Runs with the same seed share split, batches and initial weights as far as the option
  leaves them alone, so differences are taken seed by seed.

  On letters the policy is the protocol's, frozen. Without hidden units the runs are as long as in
  Table 1, for the first ${letters_seeds} of it; with 32 they stand at ${iterations} iterations, far
  from their plateau, for ${deep_seeds}, and the paper's switch of the rate comes at the same share
  of the run. On boundaries the policy is in training as in Figure 1, for
  ${boundary_seeds}.
  ]],

  runs = runs,

  --- Of synaptic RL without hidden units: what each choice changes, for the robustness of verdicts.
  shifts = function(results)
    local list = {}
    for _, variant in ipairs(compared(results, groups[1])) do
      if variant.pair then list[#list + 1] = { label = variant.label, pair = variant.pair } end
    end
    return list
  end,

  shown.figure,
  shown.table,

  numbers = function(results)
    local numbers = shown.sentences(results)
    numbers.iterations = format.count(budget.deep.iterations)
    numbers.deep_seeds = format.counted(budget.deep_seeds, "seed")
    numbers.letters_seeds = format.counted(budget.letters_seeds, "seed")
    numbers.boundary_seeds = format.counted(budget.boundary_seeds, "seed")
    return numbers
  end,

  [[
  **Result.** *Letters, no hidden units.* ${letters}

  *Letters, 32 hidden units.* ${deep}

  *Boundary task.* ${boundary}
  ]],
}

-- Rules of policies/rules beside the paper's policy: on boundaries, and on letters.
local lab = require "experiment"
local boundary = require "setups.boundary"
local claims = require "verdicts.claims"
local format = require "text.format"
local images = require "setups.images"
local means = require "pictures.means"
local stats = require "statistics.stats"
local variants = require "setups.variants"

local threshold = claims.get("figure1.convergence").threshold
local FIRST_SEED = lab.budget().first_transfer -- targets on which no policy was trained or picked

local function file(name)
  return function() return lab.rule("policies/rules/" .. name .. ".lua") end
end

local rivals = {
  { key = "paper", short = "paper", title = "paper's Q-learning",
    policy = function() return lab.qtable {} end },
  { key = "frozen", short = "frozen", title = "paper's policy, frozen",
    policy = function(needs) return lab.table_policy(needs.policy.csv) end },
  { key = "q_learning", short = "Q-learn.", title = "Q-learning, synchronous",
    policy = file "q_learning" },
  { key = "q_average", short = "Q mean", title = "Q-learning, averaged",
    policy = file "q_average" },
  { key = "symmetric", short = "symmetric", title = "symmetric", policy = file "symmetric" },
  { key = "win_stay", short = "win-stay", title = "win-stay, lose-reverse",
    policy = file "win_stay" },
  { key = "win_stay_rest", short = "lose-rest", title = "win-stay, lose-rest",
    policy = file "win_stay_rest" },
  { key = "perturbation", short = "perturb.", title = "weight perturbation",
    policy = file "perturbation" },
  { key = "hebb", short = "Hebb", title = "reward-modulated Hebb", policy = file "hebb" },
  { key = "random_walk", short = "random", title = "random walk", policy = file "random_walk" },
}

local function runs(needs)
  local named, budget = {}, lab.budget().rules
  for _, rival in ipairs(rivals) do
    local policy = rival.policy(needs)
    named[rival.key .. ".boundary"] = lab.sweep { boundary.options(),
      lab.synaptic { policy = policy, epsilon = 0.25 }, curve_every = 20,
      iterations = budget.boundary_iterations,
      seeds = lab.seeds(FIRST_SEED, budget.boundary_seeds) }
    named[rival.key .. ".letters"] = images.fit(lab.sweep {
      lab.set { task = "images", data = lab.data(), net = images.net(), loss = "cross_entropy" },
      lab.synaptic { policy = policy, epsilon = 0.1, rate = 1e-4 },
      lab.set(budget.letters), seeds = lab.seeds(FIRST_SEED, budget.letters_seeds) })
  end
  return named
end

--- A panel: mean over the seeds with the range, a rule a place.
local function panel(results, task, path, title, label)
  local points, ticks = {}, {}
  for i, rival in ipairs(rivals) do
    ticks[i] = { i, rival.short }
    local values = lab.values(lab.measured(results[rival.key .. task]), path)
    if #values > 0 then
      points[#points + 1] = { x = i, y = stats.mean(values), low = stats.min(values),
        high = stats.max(values), n = #values,
        runs = lab.measured(results[rival.key .. task]) }
    end
  end
  return { kind = "curves", label = label, title = title, percent = true, xlabel = "rule",
    ylabel = "accuracy (%)", xticks = ticks, xrange = { 0.4, #rivals + 0.6 },
    yrange = { 0, 100 }, series = means.series(points, "first", "range") }
end

local function microseconds(records)
  local seconds, iterations = 0, 0
  for _, record in ipairs(records) do
    seconds, iterations = seconds + record.seconds, iterations + record.iterations
  end
  return format.fixed(iterations > 0 and 1e6 * seconds / iterations or nil, 0)
end

local function range(values)
  if #values == 0 then return "failed" end
  return ("%s (%s to %s)"):format(format.percent(stats.mean(values)),
    format.fixed(100 * stats.min(values), 1), format.fixed(100 * stats.max(values), 1))
end

local function row(rival, results)
  local on_boundary = lab.measured(results[rival.key .. ".boundary"])
  local on_letters = lab.measured(results[rival.key .. ".letters"])
  local s = boundary.summary(results[rival.key .. ".boundary"], threshold)
  return { rival.title, range(s.accuracy), ("%d of %d"):format(s.converged, s.runs),
    #s.reached > 0 and format.count(stats.median(s.reached)) or "never",
    range(lab.values(on_letters, "validation.accuracy")),
    microseconds(on_boundary), microseconds(on_letters) }
end

--- The others against the paper's policy, frozen, seed by seed.
local function against_frozen(results, task, path)
  local set = { reference = results["frozen" .. task], path = path }
  for _, rival in ipairs(rivals) do
    if rival.key ~= "frozen" then
      set[#set + 1] = { label = rival.title, records = results[rival.key .. task] }
    end
  end
  return variants.words(variants.new(set))
end

return lab.chapter {
  id = "rules",
  title = "Rules in Lua beside the paper's policy",
  finding = "best on average is on boundaries ${best_boundary}, on letters, after ${letters_iterations} "
    .. "iterations, ${best_letters}",
  uses_images = true,
  uses_policy = true,
  needs = { "policy" },

  [[
  What a synapse does need not be learned. `policies/rules/` holds rules written in Lua, most of them
  of ten to twenty lines; `docs/writing-rules.md` tells how to write one. Here some of them run beside
  the paper's policy, in training and frozen, on ${boundary_seeds} (ε = 0.25,
  α_s = 0.001) and on the letters without hidden units (${letters_seeds}, ε = 0.1,
  α_s = 0.0001, ${letters_iterations} iterations).
  ]],

  runs = runs,

  lab.figure {
    name = "rules",
    title = "Rules beside the paper's policy",
    caption = [[
      Mean final accuracy and range over the seeds: **A** on ${boundary_seeds}, **B** on
      the validation part of the letters (${letters_seeds}).]],
    columns = 1,
    alt = [[
      Accuracy of ten rules, mean and range. Best on boundaries: ${best_boundary}; on letters:
      ${best_letters}. A random walk gets to ${walk_boundary} and ${walk_letters}.]],
    panels = function(results)
      return { panel(results, ".boundary", "train.accuracy", "Boundary tasks", "A"),
        panel(results, ".letters", "validation.accuracy", ("Letters, no hidden units, after %s iterations")
          :format(format.count(lab.budget().rules.letters.iterations)), "B") }
    end,
  },

  lab.table {
    name = "rules",
    title = "Rules in numbers",
    caption = [[
      Final accuracy, mean and range; the median of the first iteration at
      ${figure1.convergence.threshold} over the runs that get there; time of an iteration.]],
    columns = { "Rule", { "Boundary", align = "right" }, { "End at 95 %", align = "right" },
      { "Iterations to 95 %", align = "right" }, { "Letters", align = "right" },
      { "µs, boundary", align = "right" }, { "µs, letters", align = "right" } },
    rows = function(results)
      local rows = {}
      for i, rival in ipairs(rivals) do rows[i] = row(rival, results) end
      return rows
    end,
  },

  [[
  **Result.** Best on average is on the boundary tasks ${best_boundary}, on the letters
  ${best_letters}. The random walk, which hears no reward, stands at ${walk_boundary} and
  ${walk_letters}: that much is chance.

  The reference for differences, seed by seed, is the paper's policy, frozen. *Boundary tasks.*
  ${against_boundary} *Letters.* ${against_letters}
  ]],

  numbers = function(results)
    local budget = lab.budget().rules
    local function mean(key, task, path)
      return stats.mean(lab.values(lab.measured(results[key .. task]), path))
    end
    local function best(task, path)
      local titles, most
      for _, rival in ipairs(rivals) do
        local value, title = mean(rival.key, task, path), ("`%s`"):format(rival.title)
        if value == value and (not most or value > most) then
          titles, most = { title }, value
        elseif value == most then
          titles[#titles + 1] = title
        end
      end
      return ("%s (%s)"):format(table.concat(titles, " and "), format.percent(most))
    end
    return {
      boundary_seeds = format.counted(budget.boundary_seeds, "new boundary task"),
      letters_seeds = format.counted(budget.letters_seeds, "seed"),
      letters_iterations = format.count(budget.letters.iterations),
      best_boundary = best(".boundary", "train.accuracy"),
      best_letters = best(".letters", "validation.accuracy"),
      against_boundary = against_frozen(results, ".boundary", "train.accuracy"),
      against_letters = against_frozen(results, ".letters", "validation.accuracy"),
      walk_boundary = format.percent(mean("random_walk", ".boundary", "train.accuracy")),
      walk_letters = format.percent(mean("random_walk", ".letters", "validation.accuracy")),
    }
  end,
}

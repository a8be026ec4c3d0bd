-- Why the best rule needs so few evaluations: how well the moves of each rule follow the gradient.
local lab = require "experiment"
local final = require "discovery.final"
local format = require "text.format"
local images = require "setups.images"
local methods = require "discovery.methods"
local stats = require "statistics.stats"

local budget = final.budget()
local FLAT = final.nets()[1]
local STYLES = { "first", "third", "second", "black" }

--- The best rule, the best with a bit, and two that differ in what they remember.
local function keys()
  local list = { final.best }
  for _, key in ipairs { final.bit, "spsa", "win-stay" } do
    if key ~= final.best then list[#list + 1] = key end
  end
  return list
end

local function runs(needs)
  local named = {}
  for _, key in ipairs(keys()) do
    named[key] = final.runs(key, FLAT, needs, nil, { cosine = 1, curve_every = budget.stretch,
      validate_every = FLAT.evaluations }, budget.why_seeds)
  end
  return named
end

--- Mean cosine over the seeds and over a part of the run, of which `from` and `to` are shares.
local function cosine(records, from, to)
  local values = {}
  for _, record in ipairs(lab.measured(records)) do
    local c, n = record.curve, record.spec.iterations
    for i, iteration in ipairs(c.iteration) do
      local value = c.cosine[i]
      if iteration > from * n and iteration <= to * n and value == value then values[#values + 1] = value end
    end
  end
  return stats.mean(values)
end

--- What theory has for votes on random moves: with T comparisons of equal weight, over S weights, a sum of
--- reward times move has the cosine 1/sqrt(1 + S / (share T)) with the gradient; the share is 1 of numbers
--- and 2/pi of bits.
local function theory(weights, comparisons, hears)
  return 1 / math.sqrt(1 + weights / ((hears == "bit" and 2 / math.pi or 1) * comparisons))
end

--- How many comparisons of equal weight a method's last step rests on.
local function comparisons(key)
  local setting = final.setting(key)
  if setting.keep then -- a fading sum, of K - 1 tries in K iterations
    return (1 + setting.keep) / (1 - setting.keep) * (setting.K - 1) / setting.K
  elseif setting.pairs then
    return budget.stretch / 2 -- pairs that were taken within a stretch, each forgotten after its step
  end
end

local function weights(results)
  local record = lab.measured(results[final.best])[1]
  return record and record.synapses or 0
end

local function panel(results)
  local series, PARTS = {}, 25
  for i, key in ipairs(keys()) do
    local line = { x = {}, y = {}, style = STYLES[i], title = methods.get(key).title, runs = results[key] }
    for part = 1, PARTS do
      local value = cosine(results[key], (part - 1) / PARTS, part / PARTS)
      if value then
        line.x[#line.x + 1], line.y[#line.y + 1] = (part - 0.5) / PARTS * FLAT.evaluations, value
      end
    end
    if #line.x > 0 then series[#series + 1] = line end
  end
  local T = comparisons(final.best)
  return #series > 0 and { kind = "curves", title = images.name {}, xlabel = "evaluations of the loss",
    ylabel = "cosine with the negative gradient", yrange = { 0 }, series = series,
    lines = T and { { y = theory(weights(results), T, methods.get(final.best).hears),
      title = "theory, for the credit of the best rule" } } } or nil
end

--- What the cosines say, of the best rule all the time and of win-stay.
local function sentence(results)
  local early, late = cosine(results[final.best], 0, 0.2), cosine(results[final.best], 0.8, 1)
  local other = cosine(results["win-stay"], 0, 1)
  if early and late and other and math.min(early, late) > 1.25 * other then
    return "a synapse that remembers which of its own tries the network liked moves more along the way down than "
      .. "one that acts on its last try"
  end
  return "the best rule's moves do not follow the way down more closely than those of a synapse that acts on its "
    .. "last try"
end

return lab.chapter {
  id = "best-rule-why",
  title = "Why the best rule needs so few evaluations",
  finding = "its moves have a cosine of ${early} with the gradient early and ${late} late; win-stay's ${other}",
  uses_images = true,
  uses_policy = true,
  needs = { "policy" },

  [[
  A single comparison says only whether a random move of all ${weights} weights lowered the loss. A synapse that adds
  up reward times move over many comparisons knows its own slope better than one that acts on the last. In theory,
  over S weights, the sum of T equally weighted comparisons has a cosine of 1/√(1 + S/T) with the gradient; with bits
  instead of numbers T counts for 2/π of itself. The credit of the best rule is worth ${comparisons} such comparisons.
  Measured here is the cosine between the weights' total movement over ${stretch} and the direction of steepest
  descent where the movement began, on the whole training part (`cosine = 1`).
  ]],

  runs = runs,

  lab.figure {
    name = "best-rule-why",
    title = "How well moves follow the gradient",
    caption = [[
      Cosine of the movement over ${stretch}: means over ${seeds}, each run cut into 25 parts. Movement includes the
      tries that were kept. The level line does not, and takes the gradient as constant: what is measured stays below.]],
    columns = 1,
    alt = "Cosine with the way down: ${best} ${early} early and ${late} late, win-stay ${other}.",
    panels = function(results)
      local one = panel(results)
      return one and { one }
    end,
  },

  lab.table {
    name = "best-rule-why",
    title = "Cosine with the way down",
    caption = [[
      Mean over the first, the middle and the last fifth. *Theory*: of the sum that the rule acts on, by the
      comparisons that it rests on; what the weights moved also holds the tries that stayed.]],
    columns = { "Method", { "First fifth", align = "right" }, { "Middle", align = "right" },
      { "Last fifth", align = "right" }, { "Comparisons", align = "right" }, { "Theory", align = "right" } },
    rows = function(results)
      local rows = {}
      for i, key in ipairs(keys()) do
        local method, T = methods.get(key), comparisons(key)
        rows[i] = { method.title, format.fixed(cosine(results[key], 0, 0.2), 3),
          format.fixed(cosine(results[key], 0.4, 0.6), 3), format.fixed(cosine(results[key], 0.8, 1), 3),
          T and format.count(math.floor(T + 0.5)) or "–",
          T and format.fixed(theory(weights(results), T, method.hears), 3) or "–" }
      end
      return rows
    end,
  },

  numbers = function(results)
    local T = comparisons(final.best)
    return images.beside { weights = format.count(weights(results)), best = methods.get(final.best).title,
      comparisons = T and format.count(math.floor(T + 0.5)) or "–",
      stretch = format.counted(budget.stretch, "evaluation"),
      seeds = format.counted(budget.why_seeds, "seed"), early = format.fixed(cosine(results[final.best], 0, 0.2), 3),
      late = format.fixed(cosine(results[final.best], 0.8, 1), 3),
      other = format.fixed(cosine(results["win-stay"], 0, 1), 3), sentence = sentence(results),
      theory = T and format.fixed(theory(weights(results), T, methods.get(final.best).hears), 3) or "–" }
  end,

  [[
  **Result.** Over ${stretch} the moves of ${best} have a cosine of ${early} with the direction of steepest descent in
  the first fifth and of ${late} in the last; those of win-stay have ${other}. In a sentence: ${sentence}. This fits the
  accuracies, but does not prove what they come from: the rules also differ in their settings. Theory, which assumes
  that the gradient stays the same while credit is gathered, gives ${theory} for the credit.
  ]],
}

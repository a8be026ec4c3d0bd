-- The best rule taken apart: which of its parts its accuracy hangs on.
local lab = require "experiment"
local final = require "discovery.final"
local format = require "text.format"
local images = require "setups.images"
local methods = require "discovery.methods"
local variants = require "setups.variants"

local budget = final.budget()
local own = final.setting(final.best)
local BIT, NUMBER = "probes-bit", "probes-number"

--- What is changed, one thing at a time: { label, setting = changes of it, key = another method, size = of even
--- votes in place of the rule's }.
local function changes()
  local list = {}
  local function add(label, setting, key) list[#list + 1] = { label = label, setting = setting, key = key } end
  add("no vote: only tries that help", { gain = 0, back = 1 })
  add("no memory: credit of the last try only (keep = 0)", { keep = 0 })
  add("a vote after every try (K = 2)", { K = 2 })
  for _, K in ipairs { 5, 10, 20, 40, 80 } do
    if K ~= own.K then add(("K = %d"):format(K), { K = K }) end
  end
  for _, times in ipairs { 1 / 8, 1 / 2, 2, 8 } do
    add(("gain times %s"):format(times < 1 and ("1/%d"):format(1 / times) or tostring(times)),
      { gain = math.min(100, own.gain * times) })
  end
  for _, times in ipairs { 10, 3, 1 / 3, 1 / 10 } do
    local keep = 1 - (1 - own.keep) * times
    if keep > 0 then add(("keep = %.4g"):format(keep), { keep = keep }) end
  end
  local said = { [0] = "tries are never taken back", "tries are taken back unless they help",
    "all tries are taken back" }
  for back = 0, 2 do
    if back ~= own.back then add(said[back], { back = back }) end
  end
  for _, share in ipairs { 1, 0.5, 0.1 } do
    if share ~= own.share then add(("%s of the synapses try"):format(format.percent(share, 0)), { share = share }) end
  end
  add("the rate does not fall", { rate_end = 1 })
  for size = 1, 3 do
    list[#list + 1] = { label = ("even votes, of %s"):format(format.counted(size, "step")), size = size }
  end
  if final.best == NUMBER then -- a number is a third of a bit in size, on average
    add("a bit instead of the number", { gain = own.gain / 3 }, BIT)
  else
    add("a number instead of the bit", { gain = own.gain * 3 }, NUMBER)
  end
  return list
end

--- Votes by the sign of the credit alone, all of one size.
local function even(net, size)
  return lab.sweep { final.images(images.net(net.hidden), net.evaluations),
    methods.options(methods.get(final.best), own, 1e-4), policy = lab.rule("experiments/lib/discovery/even_votes.lua",
    { K = own.K, keep = own.keep, share = own.share, back = own.back, size = size }),
    seeds = final.seeds(budget.parts_seeds) }
end

local net = { key = "flat", hidden = {}, evaluations = budget.parts }

local function key(i) return ("part%02d"):format(i) end

local function runs(needs)
  local named = { own = final.runs(final.best, net, needs, nil, nil, budget.parts_seeds) }
  for i, change in ipairs(changes()) do
    named[key(i)] = change.size and even(net, change.size)
      or final.runs(change.key or final.best, net, needs, change.setting, nil, budget.parts_seeds)
  end
  return named
end

local function compared(results)
  local set = { name = "parts", reference = results.own, path = "validation.accuracy" }
  for i, change in ipairs(changes()) do set[i] = { label = change.label, records = results[key(i)] } end
  return variants.new(set)
end

local shown = variants.show {
  name = "best-rule-parts",
  title = "The best rule, one part changed at a time",
  caption = [[
    Differences in validation accuracy from the rule as the search found it, seed by seed, with 95 % intervals
    (Student's t).]],
  table_title = "The best rule's parts in numbers",
  table_caption = "Differences in percentage points.",
  groups = { { key = "flat", label = "A", title = images.name {}, reference = "as found" } },
  compared = compared,
}

return lab.chapter {
  id = "best-rule-parts",
  title = "The best rule taken apart",
  finding = "${all}",
  uses_images = true,
  uses_policy = true,
  needs = { "policy" },

  [[
  One part of ${best} is changed at a time, all else as the search found it (${setting}): without hidden units,
  ${evaluations} evaluations, ${seeds}, the splits of the chapter before. Nothing else is tuned again: a change of keep
  or K also changes size and number of the votes, and with a bit the gain is another. The setting was searched for
  longer runs, so that a part that helps here need not help there.
  ]],

  runs = runs,

  shown.figure,
  shown.table,

  numbers = function(results)
    local sentences = shown.sentences(results)
    return images.beside { all = sentences.all, flat = sentences.flat, best = methods.get(final.best).title,
      setting = methods.words(own), evaluations = format.count(budget.parts),
      seeds = format.counted(budget.parts_seeds, "seed") }
  end,

  "**Result.** ${flat}",
}

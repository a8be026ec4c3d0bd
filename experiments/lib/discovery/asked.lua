--- What is asked of the best rule in advance (paper/discovery.md), as claims of the chapter that runs it.
local asked = {}

local final = require "discovery.final"
local format = require "text.format"
local images = require "setups.images"
local methods = require "discovery.methods"
local verdict = require "verdicts.verdict"

--- What was asked of the rule before it was run: network, evaluations (as shares of the budget), accuracy.
local TARGETS = {
  { net = 1, part = 1 / 4, accuracy = 0.8828, hope = true }, { net = 1, part = 1 / 2, accuracy = 0.8828 },
  { net = 1, part = 1, accuracy = 0.888 },
  { net = 2, part = 3 / 5, accuracy = 0.8845 }, { net = 2, part = 3 / 5, accuracy = 0.9, hope = true },
  { net = 2, part = 4 / 5, accuracy = 0.8956 }, { net = 2, part = 1, accuracy = 0.9 },
}

--- Where the best rule is asked to stand above what the paper's policy has at its full length: on a network, after a
--- part of the evaluations; a twentieth of the paper's is the first and the last.
local AGAINST = { { net = 1, part = 1 / 2 }, { net = 1, part = 1 }, { net = 2, part = 1 } }

--- Accuracies after so many evaluations minus those of other runs at their end, seed by seed.
local function differences(records, others, evaluations)
  local sample = { values = {}, runs = #records, keys = {} }
  local ours, theirs = final.beside(records, others, evaluations)
  for i, record in ipairs(records) do
    if ours[i] and theirs[i] then
      sample.values[#sample.values + 1], sample.keys[#sample.keys + 1] = ours[i] - theirs[i], record.key
    end
  end
  return sample
end

local function targets(key)
  local list, title = {}, methods.get(key).title
  for _, target in ipairs(TARGETS) do
    local net = final.nets()[target.net]
    local evaluations = math.floor(target.part * net.evaluations + 0.5)
    list[#list + 1] = { id = ("%s-%s-%d-%d"):format(key, net.key, evaluations, math.floor(1e4 * target.accuracy + 0.5)),
      metric = ("mean accuracy of %s on %s after %s evaluations%s"):format(title,
        images.name(net.hidden), format.count(evaluations), target.hope and " (hoped for)" or ""),
      judge = "over", looks = 2, published = target.accuracy, percent = true, show = "%.2f %%", images = true,
      answer = function(results) return final.sample(results[key .. "." .. net.key], evaluations) end }
  end
  for _, target in ipairs(AGAINST) do
    local net = final.nets()[target.net]
    local evaluations = math.floor(target.part * net.evaluations + 0.5)
    list[#list + 1] = { id = ("%s-%s-%d-paper"):format(key, net.key, evaluations),
      metric = ("%s on %s after %s evaluations minus the paper's policy after %s, paired, in points"):format(title,
        images.name(net.hidden), format.count(evaluations), format.count(net.theirs)),
      judge = "over", looks = 2, published = 0, percent = true, show = "%.2f", images = true,
      answer = function(results)
        return differences(results[key .. "." .. net.key], results["paper-own." .. net.key], evaluations)
      end }
  end
  return list
end

--- Claims for the best rule, and for the best that hears one bit if that is another.
function asked.claims()
  local list = targets(final.best)
  if final.best ~= final.bit then
    for _, claim in ipairs(targets(final.bit)) do list[#list + 1] = claim end
  end
  return list
end

--- What came of the claims for a method: "3 hold, 2 do not hold, 5 are undecided".
function asked.tally(results, key)
  local list, counts = {}, {}
  for i, claim in ipairs(targets(key)) do list[i] = verdict.measured(claim, claim.answer(results)) end
  for _, result in ipairs(verdict.settle(list)) do counts[result.word] = (counts[result.word] or 0) + 1 end
  if next(counts) and not (counts.replicated or counts["not replicated"] or counts.undecided) then
    return "none is judged here", #list
  end
  return ("%d hold, %d do not hold, %d are undecided"):format(counts.replicated or 0, counts["not replicated"] or 0,
    counts.undecided or 0), #list
end

return asked

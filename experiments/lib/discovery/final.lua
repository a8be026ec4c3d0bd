--- What the chapters on the best rule have in common: runs under a number of evaluations, on the seeds and splits
--- of Table 1, and what is read off their curves.
local final = {}

local found = require "discovery.found"
local format = require "text.format"
local images = require "setups.images"
local lab = require "experiment"
local methods = require "discovery.methods"
local stats = require "statistics.stats"

function final.budget() return lab.budget().best end

--- The two networks: key, hidden layers, evaluations, the paper's mean and its number of evaluations.
function final.nets()
  local budget = final.budget()
  return {
    { key = "flat", hidden = {}, evaluations = budget.flat, published = 0.8828, theirs = 200000 },
    { key = "deep", hidden = { 32 }, evaluations = budget.deep, published = 0.8845, theirs = 500000 },
  }
end

--- The setting that the search found for a method.
function final.setting(key) return found[key] end

--- Keys: the best method of all, and the best of those that hear one bit.
final.best, final.bit = found.best, "probes-bit"

--- The image task: the whole training part as batch; `more` takes the place of that.
function final.images(net, evaluations, more)
  local every = math.min(final.budget().every, evaluations)
  local options = { task = "images", net = net, data = lab.data(), loss = "cross_entropy", batch_size = 0,
    batch_interval = 0, iterations = evaluations, curve_every = every, validate_every = every }
  for name, value in pairs(more or {}) do options[name] = value end
  return lab.set(options)
end

function final.seeds(n)
  return lab.seeds(lab.budget().first_seed, n or final.budget().seeds)
end

--- Runs of a method with its found setting on a network; `changes` of the setting, `more` options.
function final.runs(key, net, needs, changes, more, seeds)
  local method, setting = methods.get(key), {}
  for name, value in pairs(found[key]) do setting[name] = value end
  for name, value in pairs(changes or {}) do setting[name] = value end
  return lab.sweep { final.images(images.net(net.hidden), net.evaluations, more),
    methods.options(method, setting, 1e-4, needs), seeds = final.seeds(seeds) }
end

-- ---- what a curve says -----------------------------------------------------------------------------

--- Validation accuracy after so many evaluations; `each` are those that an iteration takes.
function final.at(record, evaluations, each)
  local c = record.curve
  for i, iteration in ipairs(c and c.iteration or {}) do
    if iteration * (each or 1) >= evaluations then return c.validation_accuracy[i] end
  end
end

--- The first evaluation on the curve with this validation accuracy, or nil.
function final.reached(record, accuracy, each)
  local c = record.curve
  for i, iteration in ipairs(c and c.iteration or {}) do
    local value = c.validation_accuracy[i]
    if value == value and value >= accuracy then return iteration * (each or 1) end
  end
end

--- Accuracies after so many evaluations, as the sample of a claim or a mean; networks that died are left out.
function final.sample(records, evaluations, each)
  local sample = { values = {}, runs = #records, keys = {} }
  for _, record in ipairs(images.alive(records)) do
    local value = final.at(record, evaluations, each)
    if value and value == value then
      sample.values[#sample.values + 1], sample.keys[#sample.keys + 1] = value, record.key
    end
  end
  return sample
end

--- Two lists, seed by seed: accuracies after so many evaluations, or at the end, and those of other runs at their end;
--- false where a network died or there is none.
function final.beside(records, others, evaluations)
  local ours, theirs, ended = {}, {}, {}
  for _, record in ipairs(images.alive(others)) do ended[record.spec.seed] = record.validation.accuracy end
  for i, record in ipairs(records) do
    local value = record.validation and not images.died(record)
      and (evaluations and final.at(record, evaluations) or record.validation.accuracy)
    ours[i], theirs[i] = value == value and value or false, ended[record.spec.seed] or false
  end
  return ours, theirs
end

--- "88.61 % ± 0.12": a mean and half of its 95 % interval (Student's t); with "(9 of 10)" where it is of some of
--- the runs only, as the others died or failed.
function final.spread(values, runs)
  local mean, sd, n = stats.mean(values), stats.sd(values), #values
  if not mean then return "–" end
  local half = n > 1 and (" ± %s"):format(format.fixed(100 * stats.t_quantile(0.975, n - 1) * sd / math.sqrt(n), 2))
  return format.percent(mean, 2) .. (half or "") .. (n < runs and (" (%d of %d)"):format(n, runs) or "")
end

--- The mean so after so many evaluations, of runs that go on for so long.
function final.mean(records, evaluations, each)
  if #records > 0 and records[1].spec.iterations * (each or 1) < evaluations then return "–" end
  local sample = final.sample(records, evaluations, each)
  return final.spread(sample.values, sample.runs)
end

--- And at the end of the runs.
function final.last(records)
  return final.spread(lab.values(images.alive(records), "validation.accuracy"), #records)
end

--- Median of the evaluations to an accuracy over the runs that get there, or nil, and how many these are.
function final.first(records, accuracy, each)
  local list = {}
  for _, record in ipairs(lab.measured(records)) do list[#list + 1] = final.reached(record, accuracy, each) end
  return stats.median(list), #list
end

--- These in a cell: "7,375 (8 of 10)", "never".
function final.evaluations(records, accuracy, each)
  local median, n = final.first(records, accuracy, each)
  if n == 0 then return "never" end
  return ("%s%s"):format(format.count(median), n == #records and "" or (" (%d of %d)"):format(n, #records))
end

--- And in a sentence: "after 7,375 evaluations (in 8 of 10 runs)", "in no run".
function final.when(records, accuracy)
  local median, n = final.first(records, accuracy)
  if n == 0 then return "in no run" end
  return ("after %s evaluations%s"):format(format.count(median),
    n == #records and "" or (" (in %d of %s)"):format(n, format.counted(#records, "run")))
end

--- Share of evaluations that were rewarded, and the bits that such a reward can say.
function final.rewards(records)
  local up = {}
  for _, record in ipairs(lab.measured(records)) do up[#up + 1] = record.rewards_up / record.iterations end
  local p = stats.mean(up)
  if not p then return nil end
  local function part(x) return x > 0 and -x * math.log(x, 2) or 0 end
  return p, part(p) + part(1 - p)
end

return final

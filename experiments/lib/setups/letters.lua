--- Table 1: its rows, and ours beside the published ones.
local letters = {}

local claims = require "verdicts.claims"
local comparison = require "verdicts.comparison"
local format = require "text.format"
local images = require "setups.images"
local lab = require "experiment"
local stats = require "statistics.stats"

--- The rows in the paper's order, with the paper's names. `key` names runs, claim and budget.
letters.rows = {
  { key = "synaptic32", name = "Syn. RL 32 HU" },
  { key = "descent32", name = "Grad. Desc. 32 HU" },
  { key = "synaptic0", name = "Syn. RL 0 HU" },
  { key = "descent0", name = "Grad. Desc. 0 HU" },
}

--- The runs of one row with the options given, at the length of the profile, one run a seed.
local function runs(key, options, seeds)
  return images.fit(lab.sweep {
    lab.set { task = "images", data = lab.data(), loss = "cross_entropy" },
    options,
    lab.set(lab.budget().letters[key] or {}),
    seeds = seeds or lab.seeds(lab.budget().first_seed, letters.seeds(key)),
  })
end

--- Runs of a row: as registered, or as many as --seeds says.
function letters.seeds(key)
  local profile = require("synlab").profile
  return profile.seeds_given and profile.seeds or lab.budget().table1[key]
end

--- Full-batch gradient descent, a row of Table 1. The paper says only that it was run to a plateau;
--- length and initial weights are those of the authors' code. The split is that of the synaptic rows, so
--- that the same seed has the same one.
local function descent(key)
  local own = key == "descent32" and { net = images.net { 32 }, iterations = 500, init = "normal" }
    or { net = images.net(), iterations = 5000, init = "uniform", init_range = 1 }
  return runs(key, lab.descent { lab.set(own), rate = 0.1 })
end

--- Algorithm 1 with the policy that goes on, frozen.
local function synaptic(key, policy, seeds)
  local own = key == "synaptic32" and { net = images.net { 32 }, iterations = 500000,
    rate_switch = 60000, rate_factor = 0.5 } or { net = images.net(), iterations = 200000 }
  return runs(key, lab.synaptic { lab.set(own), policy = lab.table_policy(policy.csv), epsilon = 0.1,
    rate = 0.0001, batch_size = images.BATCH, batch_interval = 5000 }, seeds)
end

--- The runs of a row of Table 1, by its key; `policy` is what the chapter `policy` provides. `seeds`:
--- others than the row's.
function letters.row(key, policy, seeds)
  return (key:find "^descent" and descent or synaptic)(key, policy, seeds)
end

--- What makes a row of gradient descent the fair baseline: small initial weights, and steps to its plateau.
function letters.fair_start(key)
  local budget = lab.budget().baseline
  return lab.set { lab.set(key == "descent32" and budget.plateau32 or budget.plateau0), init = "uniform",
    init_range = 0.1 }
end

--- The first `n` of these runs (all of them) under other options.
function letters.vary(runs, changes, n)
  local list = {}
  for i = 1, math.min(n or #runs, #runs) do list[i] = lab.sweep { runs[i], lab.set(changes) }[1] end
  return images.fit(list)
end

--- A row { key, name, records } with what was published and what was measured; accuracies are those of the
--- networks that train.
local function measure(row)
  return {
    key = row.key, name = row.name, records = row.records,
    published = claims.get("table1." .. row.key).published,
    accuracy = letters.alive(row.records).values,
    seconds = stats.mean(lab.values(row.records, "seconds")),
    params = lab.values(row.records, "synapses")[1],
  }
end

--- The rows of the paper that a chapter has run.
local function measured(results)
  local rows = {}
  for _, row in ipairs(letters.rows) do
    local records = results[row.key]
    if records then
      rows[#rows + 1] = measure { key = row.key, name = row.name, records = records }
    end
  end
  return rows
end

letters.columns = { "Experiment", "", { "n", align = "right" }, { "Min", align = "right" },
  { "Max", align = "right" }, { "Mean", align = "right" }, { "Stdev", align = "right" },
  { "Runtime", align = "right" }, { "Params", align = "right" } }

--- Two rows an experiment, ours and the published one, and where they may be compared a third with
--- the differences. `list` holds rows { key, name, records }.
function letters.compare(list)
  local may, rows = comparison.images(), {}
  for _, item in ipairs(list) do
    local row = measure(item)
    local a, p = row.accuracy, row.published
    local ours = { min = stats.min(a), max = stats.max(a), mean = stats.mean(a), sd = stats.sd(a) }
    local function add(who, n, values, show, runtime, params)
      rows[#rows + 1] = { #rows > 0 and who ~= "ours" and "" or row.name, who, n, show(values.min),
        show(values.max), show(values.mean), show(values.sd), runtime, params }
    end
    local function percent(x) return format.percent(x, 2) end
    local n = #a == #row.records and tostring(#a) or ("%d of %d"):format(#a, #row.records)
    add("ours", n, ours, percent, format.duration(row.seconds), format.count(row.params))
    if may.shown then
      add("published", p.n, p, percent, format.duration(p.runtime), format.count(p.params))
    end
    if may.compared then
      local difference = {}
      for key, value in pairs(ours) do difference[key] = 100 * (value - p[key]) end
      add("difference", "", difference, function(x) return format.signed(x, 2) end,
        row.seconds and ("%s × shorter"):format(format.count(p.runtime / row.seconds)) or "", "")
    end
  end
  return rows
end

function letters.table(results)
  return letters.compare(measured(results))
end

--- OUT/table1.csv: accuracies in per cent.
function letters.csv(results)
  local may, rows = comparison.images(), {}
  local function percent(x) return x and ("%.4f"):format(100 * x) end
  for i, row in ipairs(measured(results)) do
    local a, p = row.accuracy, may.shown and row.published or {}
    rows[i] = { row.name, #a, percent(stats.min(a)), percent(stats.max(a)), percent(stats.mean(a)),
      percent(stats.sd(a)), row.seconds and ("%.1f"):format(row.seconds), row.params and
        ("%.0f"):format(row.params), percent(p.mean), percent(p.sd) }
  end
  return { rows = rows, columns = { "experiment", "n", "min", "max", "mean", "sd", "runtime_s",
    "params", "published_mean", "published_sd" } }
end

--- Networks that died, a line a row of these: Markdown, or false where there are none.
function letters.died(list)
  local lines = {}
  for _, row in ipairs(list) do
    local sample = letters.alive(row.records)
    if sample.dead > 0 then
      lines[#lines + 1] = ("- **%s: %d of %s died**, below %s at the end. The authors' code gives such runs "
        .. "up; the statistics are those of the other %d."):format(row.name, sample.dead,
        format.counted(sample.runs, "run"), format.percent(images.dead(), 0), #sample.values)
    end
  end
  return #lines > 0 and table.concat(lines, "\n")
end

function letters.collapsed(results)
  return letters.died(measured(results))
end

--- The two methods against each other on the same splits, where both rows were run at full length:
--- Markdown, or false.
function letters.gaps(results)
  local may, lines = comparison.images(), {}
  if may.reduced then return false end
  for _, size in ipairs { { "32", "32 hidden units" }, { "0", "no hidden units" } } do
    local synaptic, descent = results["synaptic" .. size[1]], results["descent" .. size[1]]
    if synaptic and descent then
      local claim = claims.get("gap." .. size[1])
      local difference = stats.mean(letters.difference(synaptic, descent).values)
      local published = (" (published: %s ± %s)"):format(claims.show(claim, claim.published.mean),
        format.fixed(100 * claim.published.sd, 2))
      lines[#lines + 1] = ("- %s: synaptic RL minus gradient descent is %s percentage points, seed by seed%s")
        :format(size[2], claims.show(claim, difference), may.shown and published or "")
    end
  end
  return table.concat(lines, "\n")
end

--- Accuracies of the networks that train, those that died counted by themselves.
function letters.alive(records)
  local sample = lab.sample(records, "validation.accuracy")
  local all, keys = sample.values, sample.keys
  sample.values, sample.keys = {}, {}
  for i, value in ipairs(all) do
    if images.trains(value) then
      sample.values[#sample.values + 1], sample.keys[#sample.keys + 1] = value, keys[i]
    end
  end
  sample.dead = #all - #sample.values
  return sample
end

--- Synaptic RL minus gradient descent, of seeds whose network trains.
function letters.difference(synaptic, descent)
  local alive = {}
  for _, record in ipairs(lab.measured(synaptic)) do
    if images.trains(record.validation.accuracy) then alive[#alive + 1] = record end
  end
  return lab.paired(alive, descent, "validation.accuracy")
end

--- Answers to the paper's claims on images, as far as a chapter has run their rows.
function letters.claims(results)
  local answers, all = {}, {}
  for _, row in ipairs(measured(results)) do
    local id, accuracy = "table1." .. row.key, letters.alive(row.records)
    for _, name in ipairs { "mean", "min", "max", "sd" } do answers[id .. "." .. name] = accuracy end
    answers[id .. ".runtime"] = lab.sample(row.records, "seconds")
    answers[id .. ".params"] = lab.sample(row.records, "synapses")
    table.move(row.records, 1, #row.records, #all + 1, all)
  end
  for _, size in ipairs { "32", "0" } do
    local synaptic, descent = results["synaptic" .. size], results["descent" .. size]
    if synaptic and descent then
      answers["gap." .. size] = letters.difference(synaptic, descent)
      answers["par." .. size] = answers["gap." .. size]
    end
  end
  if results.synaptic32 then answers.size = lab.sample(results.synaptic32, "validation.accuracy") end
  if results.synaptic0 then
    answers["letters.trains0"] = lab.sample(results.synaptic0, "validation.accuracy")
  end
  answers.images = lab.sample(all, "data.n")
  return answers
end

return letters

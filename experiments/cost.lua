-- What the runs of Table 1 cost: iterations, multiply-adds, seconds, beside the paper's hours.
local lab = require "experiment"
local claims = require "verdicts.claims"
local comparison = require "verdicts.comparison"
local format = require "text.format"
local letters = require "setups.letters"
local stats = require "statistics.stats"
local work = require "runs.work"

local function row(name, key, records)
  local record = lab.measured(records)[1]
  if not record then return { name, "failed" } end
  local seconds = stats.mean(lab.values(records, "seconds"))
  local each = work.each(record)
  local published = comparison.images().shown and claims.get("table1." .. key).published.runtime
  return { name, format.count(record.iterations), format.fixed(each / 1e6, 0),
    format.fixed(each * record.iterations / 1e12, 1), format.duration(seconds),
    format.fixed(each * record.iterations / seconds / 1e9, 0),
    published and format.duration(published) or "–",
    published and ("%s ×"):format(format.count(published / seconds)) or "–",
    format.percent(stats.mean(letters.alive(records).values), 2) }
end

--- Multiply-adds until the validation accuracy first stands at a level; infinity if it never does.
local function work_to(record, level)
  for i, value in ipairs(record.curve.validation_accuracy) do
    if value == value and value >= level then
      return record.curve.iteration[i] * work.each(record)
    end
  end
  return math.huge
end

--- Seed by seed, what gradient descent needs, as published or (`fair`) from a fair start, and what synaptic RL
--- needs: the pairs of a claim.
local function needed(results, size, fair)
  local level, other = claims.get("cost." .. size).threshold, {}
  for _, record in ipairs(lab.measured(results["synaptic" .. size])) do
    other[record.spec.seed] = record
  end
  local answer = { values = {}, others = {}, keys = {}, other_keys = {}, runs = 0 }
  for _, record in ipairs(lab.measured(results[(fair and "fair" or "descent") .. size])) do
    local with = other[record.spec.seed]
    if with then
      local n = answer.runs + 1
      answer.runs, answer.keys[n], answer.other_keys[n] = n, record.key, with.key
      answer.values[n], answer.others[n] = work_to(record, level), work_to(with, level)
    end
  end
  return answer
end

--- "1.2 × 10¹² multiply-adds in the median", of those that get there.
local function work_words(values)
  local finite = {}
  for _, value in ipairs(values) do
    if value < math.huge then finite[#finite + 1] = value end
  end
  if #finite == 0 then return ("never in %d runs"):format(#values) end
  return ("%s × 10¹² multiply-adds in the median (%d of %d runs get there)"):format(
    format.sized(stats.median(finite) / 1e12, 3), #finite, #values)
end

--- "191 times (162 to 217)": of the pairs, the median of what synaptic RL needs more, and its range.
local function times(answer)
  local ratios = work.ratios(answer)
  local function show(x) return (not x or x == math.huge) and "∞" or format.fixed(x, x < 10 and 1 or 0) end
  return ("%s times (%s to %s)"):format(show(stats.median(ratios)), show(stats.min(ratios)), show(stats.max(ratios)))
end

--- Validation accuracy of the first run against the seconds it has taken.
local function curve(records, style, title)
  local record = lab.measured(records)[1]
  if not record then return nil end
  local series = { x = {}, y = {}, style = style, title = title, runs = { record } }
  local each = record.seconds / record.iterations
  for i, iteration in ipairs(record.curve.iteration) do
    local value = record.curve.validation_accuracy[i]
    if iteration > 0 and value == value then
      series.x[#series.x + 1] = iteration * each
      series.y[#series.y + 1] = value
    end
  end
  return series
end

local function panel(label, title, results, size)
  local synaptic = curve(results["synaptic" .. size], "first", "synaptic RL")
  local descent = curve(results["descent" .. size], "second", "gradient descent")
  if not (synaptic and descent) then return nil end
  return { kind = "curves", label = label, title = title, percent = true,
    xlabel = "seconds of computing", xlog = true, ylabel = "validation accuracy (%)",
    yrange = { nil, 100 }, series = { synaptic, descent } }
end

return lab.chapter {
  id = "cost",
  title = "What it costs",
  finding = "synaptic RL takes ${f32} times as long as gradient descent with 32 hidden units, ${f0} "
    .. "times with none",
  uses_images = true,
  uses_policy = true,
  uses_seeds = true,
  needs = { "policy" },

  [[
  The runs of Table 1 once more, as work. An iteration of synaptic RL is one pass of ${batch} images
  through the network and a step of every synapse; one of gradient descent is a pass of all training
  images and their gradient. The paper's times are those of its own programs on an AMD Ryzen 9
  5900X; times here are means over runs on one core each, several runs at once.
  ]],

  runs = function(needs)
    local named = {}
    for _, item in ipairs(letters.rows) do named[item.key] = letters.row(item.key, needs.policy) end
    for _, size in ipairs { "32", "0" } do
      local row = "descent" .. size
      named["fair" .. size] = letters.vary(named[row], letters.fair_start(row), lab.budget().baseline.seeds)
    end
    return named
  end,

  lab.table {
    name = "cost",
    title = "What the runs of Table 1 cost",
    caption = "*Mult-adds*: of one iteration in millions, and of a run in 10¹².",
    columns = { "Experiment", { "Iterations", align = "right" },
      { "10⁶ mult-adds each", align = "right" }, { "10¹² a run", align = "right" },
      { "Time", align = "right" }, { "10⁹ a second", align = "right" },
      { "Paper's time", align = "right" }, { "Shorter", align = "right" },
      { "Accuracy", align = "right" } },
    rows = function(results)
      local rows = {}
      for i, item in ipairs(letters.rows) do
        rows[i] = row(item.name, item.key, results[item.key])
      end
      return rows
    end,
  },

  lab.figure {
    name = "cost",
    title = "Accuracy for a given time",
    caption = [[
      Validation accuracy of the first run of each row against the time it has taken: **A** 32 hidden
      units, **B** none.]],
    columns = 1,
    alt = [[
      Accuracy against time: a run of synaptic RL takes ${f32} times as long as one of gradient descent
      with 32 hidden units, ${f0} times with none.]],
    panels = function(results)
      local a = panel("A", "32 hidden units", results, "32")
      local b = panel("B", "No hidden units", results, "0")
      return a and b and { a, b } or nil
    end,
  },

  claims = function(results)
    local claimed = {}
    for _, size in ipairs { "32", "0" } do
      claimed["cost." .. size] = needed(results, size)
      claimed["cost." .. size].fair = needed(results, size, true)
    end
    return claimed
  end,

  numbers = function(results)
    local n32, n0 = needed(results, "32"), needed(results, "0")
    local function factor(size)
      local s = stats.mean(lab.values(results["synaptic" .. size], "seconds"))
      local d = stats.mean(lab.values(results["descent" .. size], "seconds"))
      return s and d and format.fixed(s / d, 1) or "–"
    end
    local synaptic = lab.measured(results.synaptic0)[1]
    return { level = format.percent(claims.get("cost.0").threshold, 0),
      s32 = work_words(n32.others), d32 = work_words(n32.values), s0 = work_words(n0.others),
      d0 = work_words(n0.values), fair32 = work_words(needed(results, "32", true).values),
      fair0 = work_words(needed(results, "0", true).values), t32 = times(n32), t0 = times(n0),
      tfair32 = times(needed(results, "32", true)), tfair0 = times(needed(results, "0", true)), f32 = factor "32", f0 = factor "0",
      batch = synaptic and format.count(work.samples(synaptic)) or "–" }
  end,

  [[
  **Result.** To ${level} validation accuracy: with 32 hidden units synaptic RL needs ${s32}, gradient
  descent ${d32}; without hidden units ${s0} and ${d0}. The published start of gradient descent is a poor one
  without hidden units: from small weights, the fair baseline of the next chapter, it needs ${fair32} with 32 and
  ${fair0} without. Seed by seed, synaptic RL needs in the median ${t32} as much with 32 hidden units and ${t0} without;
  beside descent from small weights ${tfair32} and ${tfair0}, ranges over the seeds in brackets. A whole run of synaptic RL takes ${f32} times
  as long as one of gradient descent with 32 hidden units, and ${f0} times without.
  ]],
}

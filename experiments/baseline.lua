-- The other half of Table 1: what gradient descent can do, given another start or mini-batches.
local lab = require "experiment"
local budget = lab.budget().baseline
local format = require "text.format"
local images = require "setups.images"
local letters = require "setups.letters"
local stats = require "statistics.stats"
local variants = require "setups.variants"

--- Rows of Table 1, and what is changed of both.
local SIZES = {
  { key = "flat", name = "no hidden units", row = "descent0", start = "uniform ±1, as Table 1" },
  { key = "deep", name = "32 hidden units", row = "descent32", start = "normal, as Table 1" },
}
local KINDS = {
  { key = "tenth", name = "uniform ±0.1", set = { init = "uniform", init_range = 0.1 } },
  { key = "sgd", name = "${mini}, uniform ±0.1", set = lab.set { lab.set(budget.sgd),
    init = "uniform", init_range = 0.1, batch_size = 100, batch_interval = 1 } },
}

--- Of a set that has too few images for mini-batches all are taken: see images.lua.
local function mini()
  return images.whole(100) and "all images" or "mini-batches of 100"
end

local function runs()
  local named = {}
  for _, size in ipairs(SIZES) do
    local row = letters.row(size.row)
    local first = table.move(row, 1, budget.seeds, 1, {})
    named[size.key] = row
    for _, kind in ipairs(KINDS) do
      named[size.key .. "." .. kind.key] = letters.vary(first, kind.set)
    end
  end
  return named
end

--- Calls visit(size, name of the kind, its runs), the row of Table 1 first.
local function each_kind(results, visit)
  for _, size in ipairs(SIZES) do
    visit(size, size.start, results[size.key])
    for _, kind in ipairs(KINDS) do
      visit(size, (kind.name:gsub("%${mini}", mini)), results[size.key .. "." .. kind.key])
    end
  end
end

local function accuracy(records)
  return lab.values(lab.measured(records), "validation.accuracy")
end

local function row(name, records)
  local values, first = accuracy(records), lab.measured(records)[1]
  return { name, ("%d of %d"):format(#values, #records), first and format.count(first.iterations),
    format.percent(stats.mean(values), 2), format.percent(stats.sd(values), 2),
    format.duration(stats.mean(lab.values(records, "seconds"))) }
end

--- Images seen so far, as powers of ten, against validation accuracy: one run of each kind.
local function curve(record, images, style, title)
  local series = { x = {}, y = {}, style = style, title = title }
  for i, iteration in ipairs(record.curve.iteration) do
    local value = record.curve.validation_accuracy[i]
    if iteration > 0 and value == value then
      series.x[#series.x + 1] = math.log(iteration * images, 10)
      series.y[#series.y + 1] = value
    end
  end
  return series
end

local function panel(results, size, label)
  local table1 = lab.measured(results[size.key])[1]
  local tenth = lab.measured(results[size.key .. ".tenth"])[1]
  local sgd = lab.measured(results[size.key .. ".sgd"])[1]
  if not (table1 and tenth and sgd) then return nil end
  local all = table1.data.train
  return { kind = "curves", label = label, title = "Gradient descent, " .. size.name,
    percent = true, xlabel = "training images used so far (log scale)",
    ylabel = "validation accuracy (%)", yrange = { nil, 100 },
    xticks = { { 4, "10 thousand" }, { 5, "100 thousand" }, { 6, "1 million" },
      { 7, "10 million" }, { 8, "100 million" } },
    series = { curve(table1, all, "first", "as Table 1"),
      curve(tenth, all, "second", "uniform ±0.1"),
      curve(sgd, sgd.spec.batch_size > 0 and sgd.spec.batch_size or all, "third", mini()) } }
end

--- Paired by seed with the row of Table 1.
local function gain(results, size, kind)
  local pair = variants.new { path = "validation.accuracy", reference = results[size],
    { records = results[size .. "." .. kind] } }[1].pair
  if not pair then return "–" end
  return ("%s points (95 %% interval %s to %s)"):format(format.signed(100 * pair.mean, 2),
    format.signed(100 * pair.low, 2), format.signed(100 * pair.high, 2))
end

return lab.chapter {
  id = "baseline",
  title = "The baseline: what gradient descent is given",
  finding = "without hidden units smaller initial weights change gradient descent by ${flat_tenth}",
  uses_images = true,
  uses_seeds = true,

  [[
  Table 1 compares with gradient descent "to a plateau", and section 4 says that mini-batches would
  be the fairer choice. The text gives no initial weights; the authors' code draws them, without
  hidden units, from ±1, which is large for ${inputs} inputs. Here the same rows from another start, and by
  mini-batch stochastic gradient descent (100 images a step, drawn at random, rate 0.1), for the
  first ${seeds} of their seeds; differences are taken seed by seed.
  ]],

  runs = runs,

  lab.figure {
    name = "baseline",
    title = "Gradient descent from several starts",
    caption = [[
      Validation accuracy of one run of each kind against the number of training images it has used:
      **A** without hidden units, **B** with 32.]],
    columns = 1,
    panels = function(results)
      local a, b = panel(results, SIZES[1], "A"), panel(results, SIZES[2], "B")
      return a and b and { a, b } or nil
    end,
  },

  lab.table {
    name = "baseline",
    title = "Gradient descent from several starts, in numbers",
    caption = "Accuracy on the validation images in the last iteration.",
    columns = { "Start", { "n", align = "right" }, { "Steps", align = "right" },
      { "Mean", align = "right" }, { "Stdev", align = "right" }, { "Seconds", align = "right" } },
    rows = function(results)
      local rows = {}
      each_kind(results, function(size, name, records)
        rows[#rows + 1] = row(size.name .. ": " .. name, records)
      end)
      return rows
    end,
    csv = function(results)
      local rows = {}
      each_kind(results, function(size, name, records)
        for _, r in ipairs(records) do
          rows[#rows + 1] = { size.key, name, ("%.0f"):format(r.spec.seed), r.status,
            lab.values({ r }, "validation.accuracy")[1] }
        end
      end)
      return { rows = rows, columns = { "net", "start", "seed", "status", "accuracy" } }
    end,
  },

  numbers = function(results)
    return images.beside {
      seeds = #results["flat.tenth"],
      flat_tenth = gain(results, "flat", "tenth"), flat_sgd = gain(results, "flat", "sgd"),
      deep_tenth = gain(results, "deep", "tenth"), deep_sgd = gain(results, "deep", "sgd"),
    }
  end,

  [[
  **Result.** Against the start of Table 1, without hidden units, small initial weights change the
  accuracy by ${flat_tenth}, mini-batches by ${flat_sgd}. With 32 hidden units the changes are
  ${deep_tenth} and ${deep_sgd}. What synaptic RL is compared with in Table 1 is this choice as much
  as it is the method.
  ]],
}

--- Variants of a run against a reference, seed by seed: the same seed has the same split, batches,
--- initial weights and targets, so the differences are paired.
---
---   local set = variants.new { reference = records, path = "validation.accuracy",
---     { name = "bias_step", label = "bias_step = 2", records = ... }, ... }
local variants = {}

local format = require "format"
local lab = require "experiment"
local stats = require "stats"

--- A measurement of each record by its place; false where a run failed.
local function by_place(records, path)
  local list = {}
  for i, record in ipairs(records) do
    list[i] = record.status ~= "failed" and lab.values({ record }, path)[1] or false
  end
  return list
end

--- Adds to each variant its values, their mean and sd, and `pair`, the paired difference to the
--- reference: see stats.paired; nil where fewer than two pairs stand.
function variants.new(set)
  set.values = by_place(set.reference, set.path)
  set.numbers = lab.values(lab.measured(set.reference), set.path)
  for _, variant in ipairs(set) do
    variant.numbers = lab.values(lab.measured(variant.records), set.path)
    variant.pair = stats.paired(by_place(variant.records, set.path), set.values)
  end
  return set
end

local function interval(pair)
  if not pair then return "–" end
  return ("%s to %s"):format(format.signed(100 * pair.low, 2), format.signed(100 * pair.high, 2))
end

--- Does the interval exclude 0?
function variants.shows(pair)
  return pair ~= nil and (pair.low > 0 or pair.high < 0)
end

variants.columns = { "Variant", { "n", align = "right" }, { "Mean", align = "right" },
  { "Stdev", align = "right" }, { "Difference", align = "right" },
  { "95 % interval", align = "right" }, "Excludes 0" }

local function row(label, numbers, runs, difference, range, word)
  local n = #numbers == runs and tostring(runs) or ("%d of %d"):format(#numbers, runs)
  return { label, n, format.percent(stats.mean(numbers), 2), format.percent(stats.sd(numbers), 2),
    difference, range, word }
end

--- Rows of a table: the reference, then its variants; differences in percentage points.
function variants.rows(set, reference)
  local rows = { row(reference, set.numbers, #set.reference, "", "", "") }
  for i, variant in ipairs(set) do
    local pair = variant.pair
    rows[i + 1] = row(variant.label, variant.numbers, #variant.records,
      pair and format.signed(100 * pair.mean, 2) or "–", interval(pair),
      pair and (variants.shows(pair) and "yes" or "no") or "–")
  end
  return rows
end

--- A forest panel of the differences.
function variants.panel(set, label, title)
  local rows = {}
  for _, variant in ipairs(set) do
    local pair = variant.pair
    if pair then
      rows[#rows + 1] = { label = variant.label, x = 100 * pair.mean, low = 100 * pair.low,
        high = 100 * pair.high }
    end
  end
  if #rows == 0 then return nil end
  return { kind = "forest", label = label, title = title, rows = rows,
    xlabel = "difference in accuracy (percentage points, 95 % interval)" }
end

--- What the intervals say, as a sentence.
function variants.sentence(set)
  local above, below, judged = {}, {}, 0
  for _, variant in ipairs(set) do
    if variant.pair then judged = judged + 1 end
    if variants.shows(variant.pair) then
      table.insert(variant.pair.mean > 0 and above or below, "`" .. variant.label .. "`")
    end
  end
  if judged == 0 then return "There are too few runs for intervals." end
  local function list(names, word)
    return #names > 0 and ("%s %s"):format(table.concat(names, ", "), word) or nil
  end
  local parts = { list(above, "above the reference"), list(below, "below it") }
  local said = {}
  for _, key in ipairs { 1, 2 } do said[#said + 1] = parts[key] end
  return ("Of %d intervals, %d exclude 0 (by chance alone about one in twenty would)%s."):format(
    judged, #above + #below, #said > 0 and ": " .. table.concat(said, "; ") or "")
end

--- OUT/NAME.csv: a line a run.
function variants.csv(sets)
  local rows = {}
  for _, set in ipairs(sets) do
    local function add(label, records)
      for _, record in ipairs(records) do
        rows[#rows + 1] = { set.name, label, ("%.0f"):format(record.spec.seed), record.status,
          lab.values({ record }, set.path)[1] }
      end
    end
    add("reference", set.reference)
    for _, variant in ipairs(set) do add(variant.label, variant.records) end
  end
  return { rows = rows, columns = { "set", "variant", "seed", "status", "accuracy" } }
end

return variants

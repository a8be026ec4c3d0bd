--- Variants of a run against a reference, seed by seed: the same seed has the same split, batches,
--- initial weights and targets, so the differences are paired. Networks that died are left out.
---
---   local set = variants.new { reference = records, path = "validation.accuracy",
---     { label = "bias_step = 2", records = ... }, ... }
local variants = {}

local format = require "text.format"
local images = require "setups.images"
local lab = require "experiment"
local stats = require "statistics.stats"

--- The measurement of a record, false if its run failed or its network died.
local function value(record, path)
  return record.status ~= "failed" and not images.died(record) and lab.values({ record }, path)[1] or false
end

--- The paired difference of a variant, which may have fewer seeds than the reference.
local function pair(set, variant)
  local reference, ours, theirs = {}, {}, {}
  for _, record in ipairs(set.reference) do
    reference[record.spec.seed] = value(record, set.path)
  end
  for i, record in ipairs(variant.records) do
    ours[i], theirs[i] = value(record, set.path), reference[record.spec.seed] or false
  end
  return stats.paired(ours, theirs)
end

--- Adds to each variant its values, their mean and sd, and `pair`, the paired difference to the
--- reference: see stats.paired; nil where fewer than two pairs stand.
function variants.new(set)
  set.numbers = lab.values(images.alive(set.reference), set.path)
  for _, variant in ipairs(set) do
    variant.numbers = lab.values(images.alive(variant.records), set.path)
    variant.pair = pair(set, variant)
  end
  return set
end

local function interval(pair)
  if not pair then return "–" end
  return ("%s to %s"):format(format.signed(100 * pair.low, 2), format.signed(100 * pair.high, 2))
end

local function excludes_0(pair)
  return pair ~= nil and (pair.low > 0 or pair.high < 0)
end

local columns = { "Variant", { "n", align = "right" }, { "Mean", align = "right" },
  { "Stdev", align = "right" }, { "Difference", align = "right" },
  { "95 % interval", align = "right" }, "Excludes 0" }

local function row(label, numbers, runs, difference, range, word)
  local n = #numbers == runs and tostring(runs) or ("%d of %d"):format(#numbers, runs)
  return { label, n, format.percent(stats.mean(numbers), 2), format.percent(stats.sd(numbers), 2),
    difference, range, word }
end

--- Rows of a table: the reference, then its variants; differences in percentage points.
local function rows_of(set, reference)
  local rows = { row(reference, set.numbers, #set.reference, "", "", "") }
  for i, variant in ipairs(set) do
    local pair = variant.pair
    rows[i + 1] = row(variant.label, variant.numbers, #variant.records,
      pair and format.signed(100 * pair.mean, 2) or "–", interval(pair),
      pair and (excludes_0(pair) and "yes" or "no") or "–")
  end
  return rows
end

--- A forest panel of the differences, nil where there are none.
local function panel(set, label, title)
  local rows = {}
  for _, variant in ipairs(set) do
    local pair = variant.pair
    if pair then
      rows[#rows + 1] = { label = variant.label, x = 100 * pair.mean, low = 100 * pair.low,
        high = 100 * pair.high, runs = variant.records }
    end
  end
  if #rows == 0 then return nil end
  return { kind = "forest", label = label, title = title, rows = rows, differences = true,
    bounds = { -100, 100 },
    xlabel = "difference in accuracy (percentage points, 95 % interval)" }
end

--- What the intervals say, as a sentence.
function variants.sentence(set)
  local above, below, judged = {}, {}, 0
  for _, variant in ipairs(set) do
    if variant.pair then judged = judged + 1 end
    if excludes_0(variant.pair) then
      table.insert(variant.pair.mean > 0 and above or below, "`" .. variant.label .. "`")
    end
  end
  if judged == 0 then return "There are too few runs for intervals." end
  local said = {}
  if #above > 0 then said[1] = table.concat(above, ", ") .. " above the reference" end
  if #below > 0 then
    said[#said + 1] = table.concat(below, ", ") .. (#above > 0 and " below it" or " below the reference")
  end
  local out = #above + #below
  return ("Of %s, %d exclude%s 0 (by chance alone about one in twenty would)%s."):format(
    format.counted(judged, "interval"), out, out == 1 and "s" or "",
    out > 0 and ": " .. table.concat(said, "; ") or "")
end

--- How large a difference these seeds find with power 0.8 by Student's t, from the spread that was seen: in the
--- median over the variants, in percentage points, by the usual approximation (t at 0.975 and at 0.8 times the
--- standard error). nil where nothing has a spread.
local function found(set)
  local list = {}
  for _, variant in ipairs(set) do
    local p = variant.pair
    if p and p.se > 0 then
      list[#list + 1] = 100 * (stats.t_quantile(0.975, p.df) + stats.t_quantile(0.8, p.df)) * p.se
    end
  end
  return stats.median(list)
end

--- The sentence, and a second one on what so few seeds can find.
function variants.words(set)
  local points = found(set)
  if not points then return variants.sentence(set) end
  return ("%s By the spread of the differences, these seeds find %s in four cases of five%s."):format(
    variants.sentence(set), points < 100 and ("a difference of about %s points"):format(format.sized(points, 2))
      or "not even a difference of 100 points", #set > 1 and " (median over the choices)" or "")
end

--- OUT/NAME.csv: a line a run.
local function csv_of(sets)
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

-- ---- in a chapter -------------------------------------------------------------------------------

--- Several sets as a chapter shows them: { figure, table, sentences }, the last a function of the
--- results that gives a sentence for each set, by its key, and as `all` how many choices matter. The declaration has `name`, `title`,
--- `caption`, `table_title`, `table_caption`, and `groups`, a list of { key, label of the panel,
--- title, reference = its name in the table }; `compared(results, group)` gives the set of a group.
function variants.show(declaration)
  local groups = declaration.groups
  local function sets(results)
    local list = {}
    for i, group in ipairs(groups) do list[i] = declaration.compared(results, group) end
    return list
  end
  local figure = lab.figure {
    name = declaration.name, title = declaration.title, caption = declaration.caption, columns = 1,
    panels = function(results)
      local panels = {}
      for i, set in ipairs(sets(results)) do
        panels[#panels + 1] = panel(set, groups[i].label, groups[i].title)
      end
      return #panels > 0 and panels or nil
    end,
    alt = function(results)
      local said = {}
      for i, set in ipairs(sets(results)) do
        said[i] = ("%s, %s. %s"):format(groups[i].label, groups[i].title, variants.sentence(set))
      end
      return table.concat(said, " ")
    end,
  }
  local numbers = lab.table {
    name = declaration.name, title = declaration.table_title, caption = declaration.table_caption,
    columns = columns,
    rows = function(results)
      local rows = {}
      for i, set in ipairs(sets(results)) do
        local part = rows_of(set, ("**%s**, %s"):format(groups[i].title, groups[i].reference))
        table.move(part, 1, #part, #rows + 1, rows)
      end
      return rows
    end,
    csv = function(results) return csv_of(sets(results)) end,
  }
  local function sentences(results)
    local list, all, out = {}, 0, 0
    for i, set in ipairs(sets(results)) do
      list[groups[i].key] = variants.words(set)
      for _, variant in ipairs(set) do
        all, out = all + 1, out + (excludes_0(variant.pair) and 1 or 0)
      end
    end
    list.all = ("%d of %d choices change the accuracy (95 %% interval without 0)"):format(out, all)
    return list
  end
  return { figure = figure, table = numbers, sentences = sentences }
end

return variants

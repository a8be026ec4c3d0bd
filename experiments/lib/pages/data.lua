--- The runs of a page for programs to read, and for people who do not trust a table: runs.csv, a row a run;
--- curves.csv.gz, a row a point; codebook.md, what every column means. The columns are those of the tables
--- that the program has anyway: options, parameters of policies, metrics.
local data = {}

local fields = require "text.fields"
local format = require "text.format"
local metrics = require "runs.metrics"
local names = require "text.names"
local queue = require "pages.queue"
local sweep = require "runs.sweep"
local tables = require "text.tables"
local work = require "runs.work"

local POINTS = 200000 -- of all curves together: packed, five to seven megabytes
local FEW = 16        -- of a curve at least
local LONG = 64       -- bytes: a longer text stands as its digest

local function host()
  return require "synlab"
end

-- ---- the runs -----------------------------------------------------------------------------------

--- Every run once, in the order of the chapters: { record, chapters = { id, ... }, groups = { name, ... } }.
local function runs_of(chapters)
  local list, by_key = {}, {}
  for _, chapter in ipairs((queue.order(chapters))) do
    local groups = chapter.all and chapter:groups() or {}
    for i, record in ipairs(chapter.all or {}) do
      local run = by_key[record.key]
      if not run then
        run = { record = record, chapters = {}, groups = {} }
        by_key[record.key], list[#list + 1] = run, run
      end
      if run.chapters[#run.chapters] ~= chapter.id then run.chapters[#run.chapters + 1] = chapter.id end
      local group = groups[i] and chapter.id .. ":" .. groups[i]
      if group and run.groups[#run.groups] ~= group then run.groups[#run.groups + 1] = group end
    end
  end
  return list
end

--- A value as a field of a CSV: nothing is rounded, and a text that fills a page is its digest.
local function exact(value)
  if value ~= value then return nil end
  if type(value) == "table" then return format.value(value) end
  if type(value) == "number" then return format.exact(value) end
  if type(value) == "string" and (#value > LONG or value:find "\n") then
    return "sha256:" .. host().digest(value)
  end
  return value
end

--- What an option, or a parameter of a policy or reward, is in a run.
local function option(record, name)
  local spec = record.spec
  if not name:find "%." then return exact(fields.raw(spec, name)) end
  return exact(sweep.value({ policy = fields.raw(spec, "policy"), reward = fields.raw(spec, "reward") }, name))
end

--- The names of options and parameters that are not the same in all runs.
local function differing(runs)
  local known, seen, differ = {}, {}, {}
  for _, name in ipairs(host().options()) do known[name] = true end
  for _, run in ipairs(runs) do
    for _, kind in ipairs { "policy", "reward" } do
      local value = fields.raw(run.record.spec, kind)
      if value and not seen[value] then
        seen[value] = true
        sweep.add_names(known, { [kind] = value })
      end
    end
  end
  known.seed, known.threads = nil, nil
  for _, name in ipairs(names.keys(known)) do
    local first = option(runs[1].record, name)
    for i = 2, #runs do
      if option(runs[i].record, name) ~= first then
        differ[#differ + 1] = name
        break
      end
    end
  end
  return differ
end

-- ---- columns: { name, meaning, unit, range, of = function(run) } ------------------------------------

local function range(low, high)
  return low and format.exact(low) .. " .. " .. (high and format.exact(high) or "inf")
end

--- The words of an option's row; of a policy's parameter those of every policy that has it.
local function option_column(name, runs)
  local title = metrics.known(name) and "spec." .. name or name -- iterations are asked for, and done
  local column = { title, "parameter of the policy's or the reward's own file", "", "",
    of = function(run) return option(run.record, name) end }
  local rows, param = { host().describe(name) }, name:match "^policy%.(.+)$"
  local seen, own = {}, param and param:match "[^.]+$"
  for _, run in ipairs(param and runs or {}) do
    local policy = fields.raw(run.record.spec, "policy")
    while type(policy) == "table" do
      if not seen[policy.name] then rows[#rows + 1] = host().describe(own, policy.name) end
      seen[policy.name], policy = true, policy.inner
    end
  end
  if own == "name" then column[2] = "the policy, the innermost where one stands around another" end
  if own == "file" or name == "reward.file" then column[2] = "the file of the rule or reward, in Lua" end
  if name == "reward.name" then column[2] = "what makes the reward in place of the options" end
  if #rows == 0 then return column end
  local docs, units, ranges = {}, {}, {}
  local function add(list, text)
    if text and text ~= "" and not list[text] then list[text], list[#list + 1] = true, text end
  end
  for _, row in ipairs(rows) do
    add(docs, row.doc)
    add(units, row.unit)
    add(ranges, row.choices and table.concat(row.choices, ", ") or range(row.low, row.high))
  end
  for i, list in ipairs { docs, units, ranges } do column[i + 1] = table.concat(list, "; ") end
  return column
end

local function metric_column(metric)
  return { metric.path, metric.label, metric.unit, range(metric.low, metric.high),
    of = function(run) return exact(metrics.of(run.record, metric.path) or nil) end }
end

local function of_record(name)
  return function(run) return exact(run.record[name]) end
end

local function counted(count)
  return function(run) return run.record.status ~= "failed" and exact(count(run.record)) or nil end
end

local function list_column(name, meaning)
  return { name, meaning .. "; separated by a semicolon", "", "",
    of = function(run) return table.concat(run[name], ";") end }
end

local identity = {
  list_column("chapters", "the chapters that show the run"),
  list_column("groups", "CHAPTER:NAME where a chapter has named lists of runs, such as table1:synaptic32"),
  { "key", "the digest of all that the result depends on; files name a run by it", "", "64 hex digits",
    of = of_record "key" },
  { "seed", "of all random numbers: runs of one seed share split, batches and first weights", "", "",
    of = function(run) return exact(run.record.spec.seed) end },
}

local images = {}
for _, row in ipairs { { "name", "name of the image set" }, { "digest", "of the decoded images" },
  { "n", "images of the set", "images" }, { "train", "images that train", "images" },
  { "validation", "images that are validated on: those that do not train; with `held_out` a share set aside of those "
    .. "that would", "images" },
  { "leaked", "validation images whose pixels also stand among those that train", "images" } } do
  images[#images + 1] = { "data." .. row[1], row[2], row[3] or "", row[3] and "0 .. inf" or "",
    of = function(run) return exact(run.record.data and run.record.data[row[1]]) end }
end

local ending = {
  { "status", "how it ended: all iterations done; below abort_below at abort_after or later; with a loss "
    .. "that is not finite; with an error", "", "ended, aborted, diverged, failed", of = of_record "status" },
  { "error", "why it failed", "", "", of = of_record "error" },
  { "evaluations", "how often the loss of a batch was measured to train", "losses", "1 .. inf",
    of = counted(work.evaluations) },
  { "multiply_adds", "of these, each with the whole product, and of gradients", "", "0 .. inf",
    of = counted(work.multiply_adds) },
}

--- The columns of runs.csv for these runs.
function data.columns(runs)
  local columns, on_images = {}, false
  local function add(list) table.move(list, 1, #list, #columns + 1, columns) end
  for _, run in ipairs(runs) do on_images = on_images or run.record.data ~= nil end
  add(identity)
  if on_images then add(images) end
  for _, name in ipairs(differing(runs)) do columns[#columns + 1] = option_column(name, runs) end
  add(ending)
  for _, metric in ipairs(metrics.all()) do columns[#columns + 1] = metric_column(metric) end
  return columns
end

-- ---- the files ----------------------------------------------------------------------------------

local function runs_csv(columns, runs)
  local rows, heads = {}, {}
  for c, column in ipairs(columns) do heads[c] = column[1] end
  for i, run in ipairs(runs) do
    local row = {}
    for c, column in ipairs(columns) do row[c] = column.of(run) end
    rows[i] = row
  end
  return tables.csv(heads, rows)
end

local curve_columns = {
  { "key", "the run, as in runs.csv", "", "64 hex digits" },
  { "iteration", "0: the untrained network", "iterations", "0 .. inf" },
  { "loss", "on the current batch", "loss", "0 .. inf" },
  { "accuracy", "on the current batch", "share", "0 .. 1" },
  { "validation_loss", "on the validation images; empty where it was not measured", "loss", "0 .. inf" },
  { "validation_accuracy", "likewise", "share", "0 .. 1" },
  { "cosine", "of the way since the point before with the way down; where the run measured it", "", "-1 .. 1" },
}

--- Which of n points are kept, of at most `most`: the first, the last, and evenly between.
function data.thinned(n, most)
  local kept = {}
  for k = 1, math.min(n, most) do
    kept[k] = n <= most and k or 1 + (2 * (k - 1) * (n - 1) + most - 1) // (2 * (most - 1))
  end
  return kept
end

local function curve_csv(record, most)
  local curve, rows = record.curve, {}
  for k, i in ipairs(data.thinned(#curve.iteration, most)) do
    local row = { record.key }
    for c = 2, #curve_columns do
      local value = curve[curve_columns[c][1]]
      row[c] = value and exact(value[i])
    end
    rows[k] = row
  end
  return tables.rows(curve_columns, rows)
end

--- A function that gives the text of the curves, a run at a time.
local function curves(runs, most)
  local heads, at = {}, 0
  for c, column in ipairs(curve_columns) do heads[c] = column[1] end
  return function()
    at = at + 1
    if at == 1 then return tables.csv(heads, {}) end
    local run = runs[at - 1]
    return run and curve_csv(run.record, most)
  end
end

local function codebook(columns, most, n)
  local function table_of(list)
    local rows = {}
    for i, column in ipairs(list) do
      rows[i] = { "`" .. column[1] .. "`", column[2], column[3], column[4] }
    end
    return (tables.markdown({ "Column", "Meaning", "Unit", "Range" }, rows):gsub("\n$", ""))
  end
  return table.concat({ "# The data of this page",
    "`docs/data-of-a-report.md` shows how to read them. Numbers are as they were computed, not rounded; an "
      .. "empty field says that a run has no such number.",
    "## runs.csv", "A row a run, in the order of the chapters; options stand here that are not the same in "
      .. "all runs, and `manifest.json` has the others. A text that is long, as a table of a policy, stands "
      .. "as its sha256.", table_of(columns),
    "## curves.csv.gz", ("A row a point of a run's curve, of %s with a curve. Of a curve with more than %s "
      .. "points so many are kept, the first, the last, and evenly between."):format(
      format.counted(n, "run"), format.count(most)), table_of(curve_columns) }, "\n\n") .. "\n"
end

--- Writes the three files into a folder below OUT.
function data.write(folder, chapters)
  local runs, drawn = runs_of(chapters), {}
  if #runs == 0 then return end
  for _, run in ipairs(runs) do
    local record = run.record
    if record.status ~= "failed" and record.spec.curve_every > 0 then drawn[#drawn + 1] = run end
  end
  local columns, most = data.columns(runs), math.max(FEW, POINTS // math.max(#drawn, 1))
  host().write(folder .. "/runs.csv", runs_csv(columns, runs))
  host().write_gzip(folder .. "/curves.csv.gz", curves(drawn, most))
  host().write(folder .. "/codebook.md", codebook(columns, most, #drawn))
end

return data

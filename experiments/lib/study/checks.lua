--- What can be wrong with a study (study.lua), told before anything runs: first its declaration, then
--- whether the runs have what it wants of them.
local checks = {}

local fields = require "text.fields"
local format = require "text.format"
local metrics = require "runs.metrics"
local names = require "text.names"
local sweep = require "runs.sweep"

local text = format.value

local function wrong(self, form, ...)
  error(("study '%s': "):format(self.name) .. form:format(...), 0)
end

-- ---- the declaration ----------------------------------------------------------------------------

local own_option = { name = { "string", must = true }, of = { "function", must = true } }

--- What is varied, with the name in CSVs, the label for readers and the value in a record.
function checks.axes(self)
  if #self.over == 0 then
    wrong(self, "over is a list of what is varied, such as { 'policy.history' }")
  end
  local list, seen = {}, {}
  for i, option in ipairs(self.over) do
    local name, of = option, nil
    if type(option) == "table" then
      fields.check(option, own_option, ("study '%s', item %d of over"):format(self.name, i))
      name, of = option.name, option.of
    end
    if type(name) ~= "string" then
      wrong(self, "item %d of over is no option's name and no { name = , of = function }", i)
    end
    if seen[name] then wrong(self, "over has '%s' twice", name) end
    seen[name] = true
    list[i] = { name = name, label = self.labels and self.labels[name] or name,
      named = of == nil, of = of or function(record)
        if name == "data" then return record.data and record.data.name end
        return sweep.find(record.spec, name)
      end }
  end
  return list
end

--- Names that have to be among those varied.
local function check_varied(self, given, what)
  local varied = {}
  for _, option in ipairs(self.over) do varied[option.name] = true end
  for _, name in ipairs(names.keys(given)) do
    if not varied[name] then
      wrong(self, "its %s has %s, which is not varied; over has %s", what, name,
        table.concat(names.keys(varied), ", "))
    end
  end
end

local function check_metric(self)
  local metric, at = self.metric, self.threshold
  if self.percent and metric.unit ~= "share" then
    wrong(self, "percent = true, but %s is no share", metric.path)
  end
  if at == nil then return end
  if not metric.better then
    wrong(self, "threshold: neither more nor less %s is better", metric.label)
  end
  metrics.check_bounds(metric, at, ("study '%s'"):format(self.name))
end

--- How many options a picture can be over.
local over = { line = { 1, 2 }, heat = { 2, 2 } }

local function check_picture(self, kinds)
  local wanted = self.picture
  if wanted == nil or wanted == false or type(wanted) == "function" then return end
  if not kinds[wanted] then
    local near = names.nearest(wanted, names.keys(kinds))
    wrong(self, "picture = '%s'; it is one of %s%s", wanted,
      table.concat(names.keys(kinds), ", "), near and ("; did you mean '%s'?"):format(near) or "")
  end
  local n = over[wanted]
  if n and (#self.over < n[1] or #self.over > n[2]) then
    wrong(self, "picture = '%s' is over %s, not over %d", wanted,
      n[1] == n[2] and "two options" or "one option or two", #self.over)
  end
  if wanted == "forest" and not self.reference then
    wrong(self, "picture = 'forest' shows differences to a reference, and there is none")
  end
end

--- The rest of a declaration whose `over` and `metric` are read.
function checks.declaration(self, kinds)
  if self.reference then check_varied(self, self.reference, "reference") end
  if self.labels then check_varied(self, self.labels, "labels") end
  check_metric(self)
  check_picture(self, kinds)
end

-- ---- its runs -----------------------------------------------------------------------------------

--- All names that `over` could have: of options, and of parameters of the runs' policies.
local function known_names(records)
  local set = { data = true }
  for _, record in ipairs(records) do sweep.add_names(set, record.spec) end
  return set
end

--- What some of the runs differ in.
local function differing(records)
  local list = {}
  for _, name in ipairs(names.keys(known_names(records))) do
    local first = text(sweep.value(records[1].spec, name))
    for _, record in ipairs(records) do
      if text(sweep.value(record.spec, name)) ~= first then
        list[#list + 1] = name
        break
      end
    end
  end
  return list
end

local function check_names(self, records)
  local known = known_names(records)
  for _, option in ipairs(self.over) do
    local name, has = option.name, false
    for _, record in ipairs(records) do has = has or sweep.find(record.spec, name) ~= nil end
    if option.named and not has and not known[name] then
      local meant, differ = sweep.meant(name, known), differing(records)
      wrong(self, "no run has '%s', which stands in over%s", name,
        meant or #differ > 0 and "; the runs differ in " .. table.concat(differ, ", ") or "")
    end
  end
end

--- Every seed stands once in a cell.
function checks.seeds(self, cell)
  local first = {}
  for _, record in ipairs(cell.records) do
    local seed = record.spec.seed
    if first[seed] then
      local list = differing { first[seed], record }
      wrong(self, "two runs of seed %.0f in the cell %s; %s", seed, cell.label, #list > 0
        and "`over` leaves out what differs: " .. table.concat(list, ", ") or "they are the same run")
    end
    first[seed] = record
  end
end

--- Names of values or cells for a message: eight of them.
local function few(list, between)
  return table.concat(list, between, 1, math.min(#list, 8)) .. (#list > 8 and between .. "..." or "")
end

--- The values that cells have at place i of `over`, and which of them there are.
local function values_at(cells, i)
  local list, has = {}, {}
  for _, cell in ipairs(cells) do
    local value = text(cell.values[i])
    if not has[value] then list[#list + 1], has[value] = value, true end
  end
  return list, has
end

--- Is it the same value? "2" is not 2.
function checks.same(a, b)
  return type(a) == type(b) and text(a) == text(b)
end

--- No cell has the values of the reference: tells which of them is wrong, and what there is.
function checks.reference(self, cells)
  local parts, labels = {}, {}
  for i, option in ipairs(self.over) do
    local name, value = option.name, self.reference[option.name]
    local list, has = values_at(cells, i)
    if value == nil then
      wrong(self, "its reference has no value of %s; there %s %s", name, #list > 1 and "are" or "is",
        few(list, ", "))
    elseif not has[text(value)] then
      wrong(self, "no run has %s = %s, as its reference does; there %s %s", name, text(value),
        #list > 1 and "are" or "is", few(list, ", "))
    elseif type(value) ~= type(cells[1].values[i]) then
      wrong(self, "its reference has %s = %s, a %s; the runs have a %s", name, type(value) == "string"
        and ("'%s'"):format(value) or text(value), type(value), type(cells[1].values[i]))
    end
    parts[i] = ("%s = %s"):format(name, text(value))
  end
  for i, cell in ipairs(cells) do labels[i] = cell.label end
  wrong(self, "no run has all values of its reference at once (%s); there are %s",
    table.concat(parts, ", "), few(labels, "; "))
end

--- Sets of images that are varied have a name each, and are sets of their own.
local function check_sets(self, records)
  local varied, name_of, digest_of = false, {}, {}
  for _, option in ipairs(self.over) do varied = varied or option.named and option.name == "data" end
  for _, record in ipairs(varied and records or {}) do
    local name, digest = record.data and record.data.name, record.data and record.data.digest
    if name and name_of[digest] and name_of[digest] ~= name then
      wrong(self, "over has data: '%s' and '%s' are one set of images", name_of[digest], name)
    elseif name and digest_of[name] and digest_of[name] ~= digest then
      wrong(self, "over has data: two sets are called '%s'; give one of them another name", name)
    end
    if name then name_of[digest], digest_of[name] = name, digest end
  end
end

--- What is varied by name takes more than one value, or a line says so.
local function say_constant(self, cells)
  for i, option in ipairs(self.over) do
    local list = values_at(cells, i)
    if #list == 1 and option.named then
      require("synlab").say(("study '%s': %s is %s in every run"):format(self.name, option.name,
        list[1]))
    end
  end
end

--- The runs of the study among the results, a list.
function checks.records(self, results)
  local list = results
  if self.records then list = self.records(results) end
  if type(list) ~= "table" then
    wrong(self, "its function records gives %s; it is to give a list of the chapter's runs",
      list == nil and "nil" or "a " .. type(list))
  end
  local named = names.keys(list)
  if #list == 0 and #named > 0 then
    wrong(self, "%s names (%s), not a list; it needs one, such as records = function(results) "
      .. "return results.%s end", self.records and "its function records gives a table with"
        or "the chapter's runs have", few(named, ", "), named[1])
  end
  return list
end

--- Looks at the runs as they are foreseen; `group` makes cells of them, `fit` chooses the picture.
function checks.runs(self, records, group, fit)
  if #records == 0 then wrong(self, "it has no runs") end
  check_names(self, records)
  if self.metric.images then
    local any = false
    for _, record in ipairs(records) do any = any or record.spec.task == "images" end
    if not any then
      wrong(self, "metric = '%s': none of its runs is on images; there is '%s'", self.metric.path,
        (self.metric.path:gsub("validation", "train")))
    end
  end
  check_sets(self, records)
  local cells = group(records)
  fit(cells)
  say_constant(self, cells)
end

return checks

--- What chapters ask of records: which have measurements, and one measurement of each.
local records = {}

local fields = require "text.fields"
local metrics = require "runs.metrics"
local descriptive = require "statistics.descriptive"

--- Those that have measurements.
function records.measured(list)
  local measured = {}
  for _, record in ipairs(list) do
    if record.status ~= "failed" then measured[#measured + 1] = record end
  end
  return measured
end

--- What stands in a record at a path of names, numbers of lists among them; nil: nothing.
local function at(record, path)
  local value = record
  for key in path:gmatch("[^.]+") do
    if type(value) ~= "table" then return nil end
    local here = fields.raw(value, key)
    if here == nil then here = rawget(value, math.tointeger(tonumber(key))) end
    value = here
  end
  return value
end

--- One measurement of each record, by its path ("validation.accuracy"); those that have none, or
--- not a number, are left out. A path that is no measurement and that no record has is an error.
function records.values(list, path)
  local values, ended, there = {}, 0, metrics.known(path)
  for _, record in ipairs(list) do
    local value = at(record, path)
    ended = ended + (record.status ~= "failed" and 1 or 0)
    there = there or value ~= nil
    if value and value == value then values[#values + 1] = value end
  end
  if ended > 0 and not there then metrics.get(path, "lab.values") end
  return values
end

--- The answer to a claim (verdict.lua): one measurement of each record that has it, and how many runs
--- there were, with the mean seconds of one. nil for no records. A path that no record of such runs can have is an error.
function records.sample(list, path)
  local metric = metrics.get(path, "lab.sample")
  if not list then return nil end
  local may = not metric.images or #list == 0
  for _, record in ipairs(list) do may = may or not record.spec or record.spec.task == "images" end
  if not may then error(("lab.sample: only runs on images have %s"):format(path), 0) end
  local times = records.values(list, "seconds")
  local answer = { values = {}, keys = {}, runs = #list, metric = metric,
    seconds = descriptive.mean(times) }
  for _, record in ipairs(list) do
    local value = records.values({ record }, path)[1]
    if value then
      answer.values[#answer.values + 1], answer.keys[#answer.keys + 1] = value, record.key or "?"
    end
  end
  return answer
end

--- Two lists of records of the same seeds, seed by seed: { values = a - b, runs, keys, other_keys }, in
--- the order of the first; seeds that the second has not are left out, runs without the measurement are
--- missing.
function records.paired(a, b, path)
  local other, metric = {}, metrics.get(path, "lab.paired")
  local answer = { values = {}, keys = {}, other_keys = {}, runs = 0, metric = metric }
  for _, record in ipairs(b) do other[record.spec.seed] = record end
  for _, record in ipairs(a) do
    local with = other[record.spec.seed]
    if with then
      local x, y = records.values({ record }, path)[1], records.values({ with }, path)[1]
      answer.runs = answer.runs + 1
      if x and y then
        local n = #answer.values + 1
        answer.values[n], answer.keys[n], answer.other_keys[n] = x - y, record.key, with.key
      end
    end
  end
  return answer
end

local parts = { "loss", "accuracy" }
local known = { "key", "spec", "status", "iterations", "synapses", "seconds", "rewards_up", "batch",
  "train", "validation", "curve", "trace", "map", "policies", "data", "error" }

--- Records as chapters get them: a slip in a name of theirs is an error.
function records.guarded(list)
  for _, record in ipairs(list) do
    fields.guard(record, "a record", known)
    for _, part in ipairs { "batch", "train", "validation" } do
      fields.guard(record[part], "record." .. part, parts)
    end
    fields.guard(record.spec, "record.spec")
  end
  return list
end

return records

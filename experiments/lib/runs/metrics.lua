--- What a run measures: the one table of it. Studies, their pictures, their CSVs and the pages take
--- names, units, bounds and directions from here.
---
---   path     where it stands in a record
---   label    its name for readers
---   unit     "share" (shown as per cent), or a word
---   better   "high" or "low"; nil where neither is
---   low, high   what it cannot leave
---   images   only runs on images have it
local metrics = {}

local format = require "text.format"
local names = require "text.names"

local list = {
  { path = "iterations", label = "iterations", unit = "iterations", low = 0 },
  { path = "synapses", label = "synapses", unit = "synapses", low = 0 },
  { path = "seconds", label = "computing time", unit = "seconds", better = "low", low = 0 },
  { path = "rewards_up", label = "rewards of +1", unit = "iterations", better = "high", low = 0 },
}
for _, part in ipairs { "batch", "train", "validation" } do
  local name, images = part == "train" and "training" or part, part == "validation" or nil
  list[#list + 1] = { path = part .. ".loss", label = name .. " loss", unit = "loss",
    better = "low", low = 0, images = images }
  list[#list + 1] = { path = part .. ".accuracy", label = name .. " accuracy", unit = "share",
    better = "high", low = 0, high = 1, images = images }
end

local by_path, paths = {}, {}
for i, metric in ipairs(list) do by_path[metric.path], paths[i] = metric, metric.path end
-- Of the set that a run used; no measurement, and in no CSV.
by_path["data.n"] = { path = "data.n", label = "images", unit = "images", low = 0, images = true }

--- All of them, in the order of a CSV.
function metrics.all()
  return list
end

function metrics.known(path)
  return by_path[path] ~= nil
end

--- The metric of a path; another path is an error that `where` begins.
function metrics.get(path, where)
  if by_path[path] then return by_path[path] end
  local near = type(path) == "string" and names.nearest(path, paths)
  error(("%s: no measurement is named '%s'; %s"):format(where, tostring(path),
    near and ("did you mean '%s'?"):format(near) or "there are " .. table.concat(paths, ", ")), 0)
end

--- A threshold that the metric cannot have is an error that `where` begins.
function metrics.check_bounds(metric, at, where)
  if at < metric.low or metric.high and at > metric.high then
    error(("%s: threshold = %s: %s goes from %s to %s"):format(where, format.value(at), metric.path,
      format.value(metric.low), metric.high and format.value(metric.high) or "infinity"), 0)
  end
end

--- The measurement of a record, a number; false if its run failed or it is not finite.
function metrics.of(record, path)
  local value = record.status ~= "failed" and record or nil
  for key in path:gmatch "[^.]+" do value = type(value) == "table" and value[key] or nil end
  return type(value) == "number" and value == value and math.abs(value) < math.huge and value
    or false
end

--- A mean without what rounding adds, which depends on the order of the runs: equals are equal by it.
function metrics.level(mean)
  return mean and tonumber(("%.12g"):format(mean))
end

--- Is `a` better than `b`? Of a metric without a direction: larger.
function metrics.better(metric, a, b)
  if metric.better == "low" then return a < b end
  return a > b
end

--- Does a value reach a threshold?
function metrics.reaches(metric, value, threshold)
  if metric.better == "low" then return value <= threshold end
  return value >= threshold
end

return metrics

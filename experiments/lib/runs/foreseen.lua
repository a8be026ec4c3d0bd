--- Records as far as they are known before anything runs: the options, resolved, and nothing measured.
--- What a chapter wants of its runs can be tried on them, so that a slip is told at once.
local foreseen = {}

local function host()
  return require "synlab"
end

local unmeasured = setmetatable({}, { __tostring = function() return "not measured yet" end })

--- What only a finished run has. Any other name is nil, as it will be in the record.
local later = {}
for _, key in ipairs { "status", "iterations", "synapses", "seconds", "rewards_up", "batch", "train",
  "validation", "curve", "trace", "map", "policies", "error", "n", "leaked", "dropped" } do
  later[key] = true
end

local mark = { __index = function(_, key)
  if later[key] then error(unmeasured, 0) end
end }

local function basename(path)
  return path:match "([^/]+)/*$" or path
end

--- Records of runs that are still to come, in their order; `title` begins the line on a wrong run.
function foreseen.records(specs, title)
  local list = {}
  for i, run in ipairs(host().specs(specs, title)) do
    list[i] = setmetatable({ key = run.key, spec = run.spec,
      data = run.data and setmetatable({ name = basename(run.data), digest = run.digest },
        mark) }, mark)
  end
  return list
end

--- The values of a call; nothing where it needs what is not measured yet. Other errors are passed on.
function foreseen.try(call, ...)
  local list = table.pack(xpcall(call, function(message)
    return message == unmeasured and message or host().trace(message)
  end, ...))
  if list[1] then return table.unpack(list, 2, list.n) end
  if list[2] ~= unmeasured then error(list[2], 0) end
end

return foreseen

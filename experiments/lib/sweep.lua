--- Sweeps: from options with lists in them to the list of all runs.
---
---   sweep { task = "boundary", rate = { 0.001, 0.003 }, seeds = 5 }      10 runs
---   sweep { synaptic { policy = p }, epsilon = { 0.1, 0.25 } }           a set as the base
---   sweep { method = { synaptic { ... }, descent { ... } }, seeds = 3 }  sets as values
---
--- Every option may be a list; the runs are the cross product, options in alphabetical order, the
--- seed fastest. `net` is a list by nature, so a list of nets is a list of lists. A set (made with
--- sweep.set) stands for all its options, which may be lists again. `seeds = n` means seed = 1..n;
--- a list of seeds is taken as it is.
local sweep = {}

local set_mark = {}

--- Marks options as a set that can stand as a base or as a value in a sweep.
function sweep.set(options)
  return setmetatable(options, set_mark)
end

local function is_set(value)
  return getmetatable(value) == set_mark
end

--- The values to try for an option, or nil if it has one value only.
local function alternatives(name, value)
  if type(value) ~= "table" or is_set(value) or value[1] == nil then return nil end
  if name == "net" and type(value[1]) ~= "table" then return nil end
  return value
end

local function seed_list(seeds)
  if type(seeds) == "table" then return seeds end
  if math.type(seeds) ~= "integer" or seeds < 1 then
    error(("sweep: seeds = %s; it is a number of seeds or a list of them"):format(seeds), 0)
  end
  local list = {}
  for seed = 1, seeds do list[seed] = seed end
  return list
end

local function copy(options)
  local c = {}
  for key, value in pairs(options) do c[key] = value end
  return c
end

--- Bases first (positional sets, later ones win), then the options given by name.
local function merge(declaration)
  local options = {}
  for i, base in ipairs(declaration) do
    if type(base) ~= "table" then
      error(("sweep: item %d is a %s; only sets of options stand without a name")
        :format(i, type(base)), 0)
    end
    for key, value in pairs(merge(base)) do options[key] = value end
  end
  for key, value in pairs(declaration) do
    if type(key) == "string" then options[key] = value end
  end
  if options.seeds ~= nil then
    options.seed, options.seeds = seed_list(options.seeds), nil
  end
  return options
end

local function in_order(options)
  local keys = {}
  for key in pairs(options) do keys[#keys + 1] = key end
  table.sort(keys, function(a, b)
    if (a == "seed") ~= (b == "seed") then return b == "seed" end
    return a < b
  end)
  return keys
end

local function expand(options, out)
  for _, key in ipairs(in_order(options)) do
    local value = options[key]
    if is_set(value) then
      local rest = copy(options)
      rest[key] = nil
      return expand(merge { rest, value }, out)
    end
    local list = alternatives(key, value)
    if list then
      for _, one in ipairs(list) do
        local variant = copy(options)
        variant[key] = one
        expand(variant, out)
      end
      return out
    end
  end
  out[#out + 1] = options
  return out
end

--- The list of runs of a declaration.
function sweep.expand(declaration)
  return expand(merge(declaration), {})
end

return sweep

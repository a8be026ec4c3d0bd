--- Sweeps: from options with lists in them to the list of all runs.
---
---   sweep { task = "boundary", rate = { 0.001, 0.003 }, seeds = 5 }      10 runs
---   sweep { synaptic { policy = p }, epsilon = { 0.1, 0.25 } }           a set as the base
---   sweep { method = { synaptic { ... }, descent { ... } }, seeds = 3 }  sets as values
---   sweep { zip { rate = { 1, 2 }, iterations = { 20, 10 } } }           2 runs, side by side
---   sweep { ..., except = { { rate = 1, hidden = "relu" }, ... } }       all but these
---
--- Every option may be a list, and so may every parameter of a policy; the runs are the cross
--- product, options in alphabetical order, the seed fastest. `net` is a list by nature, so a list
--- of nets is a list of lists. A set (made with sweep.set) stands for all its options, which may be
--- lists again. `seeds = n` means seed = 1..n; a list of seeds is taken as it is. Where one of seed and
--- seeds is given, the other is refused.
---
--- Common random numbers: runs of the same seed share the split, the batches, the initial weights
--- and the target, as long as the network's shape and the options that make these (split, batch
--- sizes, init, ranges, points) are the same; so differences between variants are paired by seed.
local sweep = {}

local format = require "text.format"
local names = require "text.names"

local set_mark = {}

--- Marks options as a set that can stand as a base or as a value in a sweep.
function sweep.set(options)
  if type(options) ~= "table" then
    error("lab.set takes a table of options, not " .. names.kind(options), 0)
  end
  return setmetatable(options, set_mark)
end

local function is_set(value)
  return getmetatable(value) == set_mark
end

local function wrong(...)
  error("sweep: " .. string.format(...), 0)
end

local function check_list(name, list)
  names.check_list("sweep: " .. name, list)
end

local function copy(options)
  local c = {}
  for key, value in pairs(options) do c[key] = value end
  return c
end

local zip_mark = {}

--- Lists of one length that go side by side: the first values of all, the second of all, ...
function sweep.zip(lists)
  local length, first
  lists = names.copy_named("sweep: zip", lists, "lists")
  for _, name in ipairs(names.keys(lists)) do
    local list = lists[name]
    if type(list) ~= "table" or list[1] == nil then wrong("zip: %s is no list", name) end
    check_list("zip: " .. name, list)
    if length and #list ~= length then
      wrong("zip: %s has %s, %s has %d", first, format.counted(length, "value"), name, #list)
    end
    length, first = #list, first or name
  end
  if not length then wrong "zip: it has no list" end
  local sets = setmetatable({}, zip_mark)
  for i = 1, length do
    sets[i] = sweep.set {}
    for name, list in pairs(lists) do sets[i][name] = list[i] end
  end
  return sets
end

-- ---- lists ----------------------------------------------------------------------------------

local function is_policy(value)
  return type(value) == "table" and type(value.name) == "string"
end

--- A value that stands twice in a list would be run twice and counted as two.
local function check_twice(name, list)
  local seen = {}
  for _, value in ipairs(list) do
    if type(value) ~= "table" then
      if seen[value] then wrong("%s has %s twice", name, value) end
      seen[value] = true
    end
  end
end

--- A policy with lists among its parameters, its inner policies' too: all that it stands for.
local function policies(policy)
  local list = { policy }
  for _, key in ipairs(names.keys(policy)) do
    local value, choices = policy[key], nil
    if is_policy(value) then
      choices = policies(value)
    elseif type(value) == "table" then
      choices = {}
      check_list("the policy's " .. key, value)
      for _, one in ipairs(value) do
        for _, each in ipairs(is_policy(one) and policies(one) or { one }) do
          choices[#choices + 1] = each
        end
      end
      if #choices == 0 then wrong("the policy's %s is an empty list", key) end
      check_twice("the policy's " .. key, choices)
    end
    if choices then
      local longer = {}
      for _, one in ipairs(list) do
        for _, choice in ipairs(choices) do
          local variant = copy(one)
          variant[key] = choice
          longer[#longer + 1] = variant
        end
      end
      list = longer
    end
  end
  return list
end

--- The values to try for an option, or nil if it has one value only.
local function alternatives(name, value)
  if type(value) ~= "table" or is_set(value) then return nil end
  if is_policy(value) then
    local list = policies(value)
    return #list > 1 and list or nil
  end
  if next(value) == nil then wrong("%s is an empty list", name) end
  if value[1] == nil and type(next(value)) == "string" then return nil end
  check_list(name, value)
  if name == "net" and type(value[1]) ~= "table" then return nil end
  check_twice(name, value)
  return value
end

--- The seeds that `seeds` stands for.
local function seed_list(seeds)
  local list = type(seeds) == "table" and alternatives("seeds", seeds)
  if list then return list end
  if math.type(seeds) ~= "integer" or seeds < 1 then
    wrong("seeds = %s; it is a number of seeds or a list of them", type(seeds) == "string"
      and ("'%s'"):format(seeds) or tostring(seeds))
  end
  list = {}
  for seed = 1, seeds do list[seed] = seed end
  return list
end

--- Sets come without a name, options with one.
local function check_keys(declaration)
  local n = 0
  for i, base in ipairs(declaration) do
    if type(base) ~= "table" then
      wrong("item %d is %s; only sets of options stand without a name", i, names.kind(base))
    end
    n = i
  end
  for key in pairs(declaration) do
    if math.type(key) == "integer" and key > n then wrong("a nil stands before item %d", key) end
    if type(key) ~= "string" and math.type(key) ~= "integer" then
      wrong("the key %s is no name of an option", tostring(key))
    end
  end
end

--- Bases first (positional sets, later ones win), then the options given by name.
local function merge(declaration)
  local options = {}
  check_keys(declaration)
  for i, base in ipairs(declaration) do
    if getmetatable(base) == zip_mark then
      options[" zip " .. i] = base -- no option's name; gone when its sets are taken
    else
      for key, value in pairs(merge(base)) do options[key] = value end
    end
  end
  for key, value in pairs(declaration) do
    if type(key) == "string" then options[key] = value end
  end
  if options.seed ~= nil and options.seeds ~= nil then
    wrong "seed and seeds are both given; take one: seeds = 3 stands for seed = { 1, 2, 3 }"
  end
  return options
end

--- The method that a set or what it is based on names, or nil.
local function method_of(options)
  local method = options.method
  for _, base in ipairs(options) do
    if type(base) == "table" and method == nil then method = method_of(base) end
  end
  return method
end

--- A set of options of one method, which a word of `lab` says: `word` of words[method].
function sweep.of_method(method, words, options)
  local word = words[method]
  if type(options) ~= "table" then
    error(("%s takes a table of options, not %s"):format(word, names.kind(options)), 0)
  end
  local given = method_of(options)
  if type(given) == "string" and words[given] and given ~= method then
    error(("%s: method = '%s' is %s; take that"):format(word, given, words[given]), 0)
  elseif given ~= nil and given ~= method then
    error(("%s: method is given, and %s says it itself"):format(word, word), 0)
  end
  options = copy(options)
  options.method = method
  return sweep.set(options)
end

local function in_order(options)
  local keys = {}
  for key in pairs(options) do keys[#keys + 1] = key end
  table.sort(keys, function(a, b)
    local seed_a, seed_b = a == "seed" or a == "seeds", b == "seed" or b == "seeds"
    if seed_a ~= seed_b then return seed_b end
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
    local seeds = key == "seeds"
    local list = seeds and seed_list(value) or alternatives(key, value)
    if list then
      for _, one in ipairs(list) do
        local variant = copy(options)
        variant[key] = nil
        variant[seeds and "seed" or key] = one
        expand(variant, out)
      end
      return out
    end
  end
  out[#out + 1] = options
  return out
end

-- ---- exclusions -----------------------------------------------------------------------------

--- A value of a run by its name: an option, or "policy.NAME", a parameter of its policy or of the
--- policy inside that one; "policy.name" is the innermost one's. "policy.inner.NAME" is a parameter of
--- the policy inside even where the outer one has that name as well. "reward.NAME" is one of its reward's.
function sweep.value(spec, name)
  local of_reward = name:match "^reward%.(.+)$"
  if of_reward then return type(spec.reward) == "table" and spec.reward[of_reward] or nil end
  local param = name:match "^policy%.(.+)$"
  if not param then return spec[name] end
  local policy = spec.policy
  while type(policy) == "table" and param:find "^inner%." do
    policy, param = policy.inner, param:match "^inner%.(.+)$"
  end
  while param == "name" and type(policy) == "table" and policy.inner do policy = policy.inner end
  while type(policy) == "table" do
    if policy[param] ~= nil then return policy[param] end
    policy = policy.inner
  end
end

--- The same, where a parameter of the policy may stand without "policy." if no option has its name.
function sweep.find(spec, name)
  local value = sweep.value(spec, name)
  if value == nil then value = sweep.value(spec, "policy." .. name) end
  if value == nil then value = sweep.value(spec, "reward." .. name) end
  return value
end

--- Adds the names that sweep.value knows of a run to the set.
function sweep.add_names(set, spec)
  for name in pairs(spec) do
    if name ~= "policy" and name ~= "reward" then set[name] = true end
  end
  for name in pairs(spec.reward or {}) do
    if name ~= "text" then set["reward." .. name] = true end
  end
  local policy, within, outer = spec.policy, "policy.", {}
  while type(policy) == "table" do
    for name, value in pairs(policy) do
      if type(value) ~= "table" and name ~= "text" then
        local hidden = outer[name] and name ~= "name"
        set[(hidden and within or "policy.") .. name], outer[name] = true, true
      end
    end
    policy, within = policy.inner, within .. "inner."
  end
end

--- The one of such a set that a name may have meant, in words; a parameter without its "policy." too.
function sweep.meant(name, set)
  local all, bare = names.keys(set), {}
  for _, key in ipairs(all) do bare[#bare + 1] = key:match "^%a+%.(.+)$" end
  local near = names.nearest(name, all) or names.nearest(name, bare)
  return near and ("; did you mean '%s'?"):format(near)
end

--- Why a pattern fits no run, where a name in it is none of theirs.
local function strange_name(pattern, list)
  local set = {}
  for _, spec in ipairs(list) do sweep.add_names(set, spec) end
  for _, name in ipairs(type(pattern) == "table" and names.keys(pattern) or {}) do
    if name ~= "policy" and not set[name] and not set["policy." .. name] then
      return ("; no run has '%s'%s"):format(name, sweep.meant(name, set) or "")
    end
  end
  return ""
end

local function matches(pattern, spec)
  if type(pattern) == "function" then return pattern(spec) end
  for name, value in pairs(pattern) do
    if sweep.find(spec, name) ~= value then return false end
  end
  return true
end

--- All runs but those that a pattern fits; a pattern that fits none is a mistake.
local function without(list, except)
  if type(except) == "function" or type(except) == "table" and except[1] == nil then
    except = { except }
  end
  if type(except) ~= "table" then wrong("except is a %s, not a list of options", type(except)) end
  for i, pattern in ipairs(except) do
    local rest = {}
    for _, spec in ipairs(list) do
      if not matches(pattern, spec) then rest[#rest + 1] = spec end
    end
    if #rest == #list then
      wrong("item %d of except fits no run%s", i, strange_name(pattern, list))
    end
    list = rest
  end
  return list
end

--- The list of runs of a declaration.
function sweep.expand(declaration)
  local options = merge(declaration)
  local except = options.except
  options.except = nil
  local list = expand(options, {})
  return except and without(list, except) or list
end

return sweep

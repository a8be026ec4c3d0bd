--- How a chapter is repeated, and what its runs are called: the command under every figure, and the
--- names of runs that failed.
local repetition = {}

local format = require "text.format"
local names = require "text.names"

-- ---- the command --------------------------------------------------------------------------------

--- A word for a shell; plain ones stay as they are.
function repetition.quote(word)
  if word:find "^[%w%-_./=+,:@%%]+$" then return word end
  return "'" .. word:gsub("'", "'\\''") .. "'"
end

--- A path below the house by its place there.
local function below(path, home)
  return path:sub(1, #home + 1) == home .. "/" and path:sub(#home + 2) or path
end

--- How the images are named: a set that the program knows, and finds under its name, by that name, so
--- that the page is the same wherever they lie; else by the path given.
local function images(synlab)
  local given, digest = synlab.profile.data, nil
  for name, set in pairs(synlab.sets()) do
    digest = digest or synlab.data(given).digest
    if set.at_hand and set.digest == digest then return name end
  end
  return given
end

--- The command that runs `script` again as it was run now. `uses`: { images =, policy =, authors =, seeds = },
--- what the results depend on besides the script. A script of the house is found by its name in it
--- from everywhere; all else stands as it was typed.
function repetition.command(synlab, script, uses)
  local profile = synlab.profile
  local program, home = profile.program or "build/synlab", profile.home or ""
  if profile.at_home then program = below(program, home) end
  local command = { repetition.quote(program), "run", repetition.quote(below(script, home)) }
  local function flag(name, value)
    command[#command + 1] = "--" .. name
    command[#command + 1] = value and repetition.quote(value)
  end
  if profile.name == "quick" then flag "quick" end
  if uses.images and profile.data then flag("data", images(synlab)) end
  if uses.policy and profile.policy then flag("policy", profile.policy) end
  if uses.authors and profile.authors then flag("authors", profile.authors) end
  if uses.seeds and profile.seeds_given then flag("seeds", ("%.0f"):format(profile.seeds)) end
  return table.concat(command, " ")
end

-- ---- the names of runs --------------------------------------------------------------------------

--- Options and parameters of a run by name, a policy's as "policy.NAME". The text of a table or rule
--- is no name for anybody.
local function flat(spec)
  local list = {}
  for name, value in pairs(spec) do
    if name ~= "policy" and name ~= "reward" and name ~= "seed" then list[name] = value end
  end
  for name, value in pairs(spec.reward or {}) do
    if name ~= "text" and name ~= "name" then list["reward." .. name] = value end
  end
  local policy = spec.policy
  while type(policy) == "table" do
    for name, value in pairs(policy) do
      local key = "policy." .. name
      if type(value) ~= "table" and name ~= "csv" and name ~= "text" and list[key] == nil
        and not (name == "name" and policy.inner) then
        list[key] = value
      end
    end
    policy = policy.inner
  end
  return list
end

local NAMED_MAX = 6 -- options in a name

local function namer(records)
  local first, differs, count = nil, {}, 0
  local function note(a, b)
    for name, value in pairs(a) do
      if not differs[name] and format.value(value) ~= format.value(b[name]) then
        differs[name], count = true, count + 1
      end
    end
  end
  local data
  for _, record in ipairs(records) do
    local own = flat(record.spec or {})
    first = first or own
    note(own, first)
    note(first, own)
    local set = record.data and record.data.name or data
    data = data or set
    if set ~= data then differs.data = true end
  end
  local order = names.keys(differs)
  return function(record)
    local own, parts = flat(record.spec or {}), {}
    own.data = record.data and record.data.name
    for _, name in ipairs(order) do
      if own[name] ~= nil and #parts < NAMED_MAX then
        parts[#parts + 1] = ("%s = %s"):format(name, format.value(own[name]))
      end
    end
    parts[#parts + 1] = ("seed %.0f"):format(record.spec and record.spec.seed or 0)
    return table.concat(parts, ", ")
  end
end

--- A function that names a record by what differs among all of them, and its seed:
--- "policy.history = 3, rate = 0.1, seed 7".
function repetition.namer(records)
  local name -- made when it is wanted
  return function(record)
    name = name or namer(records)
    return name(record)
  end
end

return repetition

--- Rules in experiments: rule("policies/rules/win_stay.lua", { param = value }) is a policy. A
--- list as a value gives a list of policies, one for each value, so that a sweep takes it as
--- alternatives.
local rules = {}

local names = require "text.names"

--- What the program knows of a rule file: see host/rules.h.
function rules.describe(path, params)
  return require("synlab").rule(path, params)
end

--- A rule and the parameters that were given: "bold, boldness = 0.5", or for a file
--- "bold-boldness-0.5".
function rules.label(name, params, for_file)
  local parts = { name }
  for _, key in ipairs(names.keys(params)) do
    parts[#parts + 1] = (for_file and "%s-%.10g" or "%s = %.10g"):format(key, params[key])
  end
  return table.concat(parts, for_file and "-" or ", ")
end

--- The name of a figure of the rule in `path`.
function rules.figure(path, params)
  return "rule-" .. rules.label(path:match("([^/\\]+)$"):gsub("%.lua$", ""), params, true)
end

local function copy(t)
  local c = {}
  for key, value in pairs(t) do c[key] = value end
  return c
end

--- The values of a parameter: of a list all, in order.
local function values_of(what, key, value)
  if type(value) ~= "table" then return { value } end
  if next(value) == nil then error(("%s.%s is an empty list"):format(what, key), 0) end
  names.check_list(("%s.%s"):format(what, key), value)
  return value
end

--- What a file declares, or a list of it for each value where a parameter is a list.
local function declared(name, what, path, params)
  params = names.copy_named("lab." .. name, params == nil and {} or params, "parameters")
  local text = require("synlab")[name](path).text
  local own = { name = name, file = path, text = text }
  local list, several = { own }, false
  for _, key in ipairs(names.keys(params)) do
    if own[key] then error(("lab.%s: %s is no parameter of a %s"):format(name, key, name), 0) end
    local longer = {}
    several = several or type(params[key]) == "table"
    for _, policy in ipairs(list) do
      for _, one in ipairs(values_of(("lab.%s: %s"):format(name, what), key, params[key])) do
        local variant = copy(policy)
        variant[key] = one
        longer[#longer + 1] = variant
      end
    end
    list = longer
  end
  return several and list or list[1]
end

--- A policy, or a list of them.
function rules.policy(path, params)
  return declared("rule", "policy", path, params)
end

--- A reward, or a list of them.
function rules.reward(path, params)
  return declared("reward", "reward", path, params)
end

--- What a table does: the chances of -1, 0, 1 in a state, by its number.
local function mirrored(state, locals)
  return state // locals * locals + (locals - 1 - state % locals)
end

--- Is the rule odd: does it take the opposite actions where all its past actions were the opposite?
function rules.odd(described)
  local chances, locals = described.chances, math.tointeger(3 ^ described.history)
  for state = 0, #chances - 1 do
    local p, q = chances[state + 1], chances[mirrored(state, locals) + 1]
    if p[1] ~= q[3] or p[2] ~= q[2] then return false end
  end
  return true
end

--- The last `history` actions, or rewards, newest first, of a code.
function rules.symbols(code, history)
  local list = {}
  for i = 1, history do
    list[i] = code % 3 - 1
    code = code // 3
  end
  return list
end

--- Pasts that a synapse never leaves by itself, whatever the rewards: its actions stay as they are.
--- A list of lists of actions.
function rules.never_left(described)
  local history, locals = described.history, math.tointeger(3 ^ described.history)
  local list = {}
  for past = 0, locals - 1 do
    local stays = history > 0
    for rewards = 0, locals - 1 do
      for action = -1, 1 do
        local next_past = (3 * past + action + 1) % locals
        local chance = described.chances[rewards * locals + past + 1][action + 2]
        if next_past ~= past and chance > 0 then stays = false end
      end
    end
    if stays then list[#list + 1] = rules.symbols(past, history) end
  end
  return list
end

return rules

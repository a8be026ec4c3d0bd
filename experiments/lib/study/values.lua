--- What is varied in a study (study.lua), read off its runs, and a cell of values in words.
local values = {}

local format = require "text.format"
local names = require "text.names"
local sweep = require "runs.sweep"

local function base_name(path)
  return (path:match "([^/\\]+)$" or path):gsub("%.lua$", "")
end

--- Is it a file of a rule or of a reward?
local function of_file(option)
  return option.named and option.name:match "^(%a+)%..-%f[%w]file$" or nil
end

--- The options that make built-in rewards and are not the same in all runs that have one.
local function differing_rewards(records)
  local first, differ = nil, {}
  for _, record in ipairs(records) do
    local spec = record.spec
    if not spec.reward then
      first = first or spec
      for _, name in ipairs(names.keys(spec)) do
        if name:find "^reward_" and spec[name] ~= first[name] then differ[name] = true end
      end
    end
  end
  return names.keys(differ)
end

--- What a run without a file has in its place: the name of its policy, or how its reward is made.
local function without_file(kind, record, rewards)
  if kind == "policy" then return sweep.value(record.spec, "policy.name") end
  if record.spec.reward then return nil end
  local parts = {}
  for _, name in ipairs(rewards) do
    parts[#parts + 1] = name .. " " .. format.value(record.spec[name])
  end
  return #parts > 0 and table.concat(parts, ", ") or "built-in"
end

--- Files by their names alone, unless two of the runs' files share one.
local function file_reader(option, kind, records)
  local path_of, shared = {}, false
  for _, record in ipairs(records) do
    local path = option.of(record)
    local name = path and base_name(path)
    shared = shared or name and path_of[name] and path_of[name] ~= path
    if name then path_of[name] = path end
  end
  local rewards = kind == "reward" and differing_rewards(records)
  return function(record)
    local path = option.of(record)
    if not path then return without_file(kind, record, rewards) end
    return shared and path or base_name(path)
  end
end

--- A function that gives the list of a record's values, `n` of them.
function values.reader(self, records)
  local of = {}
  for i, option in ipairs(self.over) do
    local kind = of_file(option)
    of[i] = kind and file_reader(option, kind, records) or option.of
  end
  return function(record)
    local list = { n = #of }
    for i = 1, #of do list[i] = of[i](record) end
    return list
  end
end

--- What an option is called in words: as its label says, else without what stands before its last dot;
--- nil where a text of one's own speaks for itself.
local function word_of(option, value)
  if option.label ~= option.name then return option.named and option.label
      or type(value) ~= "string" and option.label or nil end
  if not option.named then return type(value) ~= "string" and option.name or nil end
  if type(value) == "string" and value:find "^reward_" then return nil end -- it has its names already
  return of_file(option) or option.name:match "([^.]+)$"
end

--- "fade 0.9, flip 0"; "history n = 2"
function values.in_words(self, list)
  local parts = {}
  for i, option in ipairs(self.over) do
    local word = word_of(option, list[i])
    local between = type(list[i]) == "number" and word and word:find " " and " = " or " "
    parts[i] = (word and word .. between or "") .. format.value(list[i])
  end
  return table.concat(parts, ", ")
end

return values

--- The reward schemas that the ablations compare: a name and the options that make it. The first is
--- the paper's. engine/train/reward.h defines those that are made by options; the last ones are rewards
--- in Lua.
local lab = require "experiment"

local rewards = {
  { name = "the paper's", options = {} },
  { name = "ties are 0", options = { reward_tie = "zero" } },
  { name = "band of 0.1 %, 0 within", options = { reward_tie = "zero", reward_band = 0.001 } },
  { name = "band of 1 %, 0 within", options = { reward_tie = "zero", reward_band = 0.01 } },
  { name = "against the best", options = { reward_against = "best" } },
  { name = "against the average of 10", options = { reward_against = "average" } },
  { name = "against the average of 100",
    options = { reward_against = "average", reward_memory = 100 } },
  { name = "magnitude, 4 levels", options = { reward_levels = 4 } },
  { name = "magnitude, 10 levels", options = { reward_levels = 10 } },
  { name = "1 iteration late", options = { reward_delay = 1 } },
  { name = "5 iterations late", options = { reward_delay = 5 } },
  { name = "accuracy, not loss", options = { reward_signal = "accuracy" } },
  { name = "a tenth of the bits wrong",
    options = { reward = lab.reward("policies/rewards/noisy_bit.lua", { flip = 0.1 }) } },
  { name = "in parts of its usual size",
    options = { reward = lab.reward "policies/rewards/scaled.lua" } },
}

local names = { "reward_signal", "reward_against", "reward_memory", "reward_tie", "reward_band",
  "reward_levels", "reward_delay" }

--- The options of a run that make its reward.
function rewards.options(spec)
  local options = {}
  for _, name in ipairs(names) do options[name] = spec[name] end
  return options
end

--- Is it the reward of the schema, a table of Lua or nil?
local function same_reward(own, schema)
  local wanted = schema.options.reward
  if not own or not wanted then return own == wanted end
  return own.file == wanted.file and own.flip == wanted.flip
end

--- The schema of a record, by name.
function rewards.name(record)
  local paper = { reward_signal = "loss", reward_against = "previous", reward_memory = 10,
    reward_tie = "penalty", reward_band = 0, reward_levels = 2, reward_delay = 0 }
  for _, schema in ipairs(rewards) do
    local same = same_reward(record.spec.reward, schema)
    for _, name in ipairs(names) do
      local wanted = schema.options[name]
      if wanted == nil then wanted = paper[name] end
      same = same and record.spec[name] == wanted
    end
    if same then return schema.name end
  end
end

--- A schema by its name.
function rewards.by_name(name)
  for _, schema in ipairs(rewards) do
    if schema.name == name then return schema end
  end
end

return rewards

-- Runs as they will be: what they share is read once, and none has what is another's.
local check, foreseen, synlab = require "check", require "runs.foreseen", require "synlab"
local test, same = check.test, check.same

local function qtable(epsilon)
  return { name = "explore", epsilon = epsilon, inner = { name = "qtable" } }
end

local function run(options)
  local spec = { task = "boundary", method = "synaptic", iterations = 20, points = 50 }
  for key, value in pairs(options) do spec[key] = value end
  return spec
end

local function all_of(spec)
  local list = {}
  for name, value in pairs(spec) do
    check.same(list[name], nil) -- each once
    list[name] = value
  end
  return list
end

test("foreseen: every option by name and in pairs, also of runs that differ", function()
  local policy = qtable(0.25)
  local asked = { run { policy = policy }, run { policy = policy, seed = 7, hidden = "relu" },
    { task = "boundary", method = "descent", rate = 0.5 }, run { policy = qtable(0.5), net = { 2, 3, 1 } } }
  for i, record in ipairs(foreseen.records(asked, "several")) do
    local alone = foreseen.records({ asked[i] }, "one")[1]
    local all = all_of(record.spec)
    same(all, all_of(alone.spec))
    same(record.key, alone.key)
    same(all.trace, 0)
    same(all.seed, i == 2 and 7 or 1)
    same(record.spec.hidden, i == 2 and "relu" or "tanh")
    same(record.spec.policy and record.spec.policy.epsilon, ({ 0.25, 0.25, nil, 0.5 })[i])
    same(record.spec.no_such, nil)
    for name, value in pairs(all) do same(record.spec[name], value) end
  end
end)

test("foreseen: a list that makes its runs as it is read", function()
  local policy = qtable(0.5)
  local list = setmetatable({}, { __len = function() return 3 end, __index = function(_, i)
    policy.epsilon = i / 10
    return run { policy = policy }
  end })
  for i, spec in ipairs(synlab.specs(list, "made")) do
    same(spec.key, synlab.specs({ run { policy = qtable(i / 10) } }, "one")[1].key)
    same(spec.spec.policy.epsilon, i / 10)
  end
end)

test("foreseen: a policy that changes as it is read", function()
  local nets = setmetatable({}, { __len = function() return 3 end,
    __index = function(self, i)
      if i > 3 then return nil end
      if i == 1 then rawset(self, "calls", (rawget(self, "calls") or 0) + 0.5) end
      return ({ 2, math.floor(rawget(self, "calls") + 2), 1 })[i]
    end })
  local asked = {}
  for i = 1, 4 do asked[i] = run { policy = qtable(0.5), net = nets } end
  local seen = {}
  for _, spec in ipairs(synlab.specs(asked, "changing")) do seen[#seen + 1] = spec.spec.net[2] end
  for i = 2, 4 do same(seen[i] > seen[i - 1], true) end
end)

test("foreseen: what is not measured yet stops a trial, and no other name does", function()
  local record = foreseen.records({ run { policy = qtable(0.5) } }, "one")[1]
  same(foreseen.try(function() return record.train.accuracy end), nil)
  same(foreseen.try(function() return record.no_such == nil end), true)
end)

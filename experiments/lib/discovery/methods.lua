--- Zeroth-order methods that are compared under one number of evaluations of the loss, each with the
--- space that its settings are searched in. One iteration is one evaluation: all synapses move, and the
--- loss of the whole batch is measured once. Taking back is part of the next move.
---
---   key, title    how it is named
---   hears         "bit": whether the loss fell; "number": by how much
---   memory        numbers that a synapse keeps from one iteration to the next beside its weight: its last moves,
---                 and sums over older ones
---   source        where it comes from
---   flat          searched only on networks without hidden units
---   space         { name = { values } }: rate as a multiple of the task's own, rate_end as its share in
---                 the end (linear), epsilon of explore, and what the rule calls its own
---   policy        function(setting, needs): the policy of a run; and its options, as reward, if any
local methods = {}

local lab = require "experiment"

local RATES, ENDS = { 1, 4, 8, 16, 32, 64 }, { 1, 0.3, 0.1, 0.03 }

--- What of a setting is a parameter of the rule or the reward.
local function only(setting, names, fixed)
  local params = {}
  for _, name in ipairs(names) do params[name] = setting[name] end
  for name, value in pairs(fixed or {}) do params[name] = value end
  return params
end

--- A rule with parameters from the setting and fixed ones, and further options of its runs.
local function rule(file, names, fixed, options)
  return function(setting)
    return lab.rule("policies/rules/" .. file .. ".lua", only(setting, names or {}, fixed)),
      options and options(setting)
  end
end

--- The reward against the loss that was accepted last; without a K nothing is accepted that is worse.
local function accepted(names, fixed)
  return function(setting)
    return { reward = lab.reward("policies/rewards/accepted.lua", only(setting, names, fixed)) }
  end
end

--- The family that is searched: cycles of K iterations, probes and a vote.
local function probes(number, gains)
  return {
    key = number == 1 and "probes-number" or "probes-bit",
    title = "many probes, one vote" .. (number == 1 and ", by numbers" or ""),
    hears = number == 1 and "number" or "bit", memory = 2, source = "this project",
    space = { rate = { 1, 2, 4, 8 }, rate_end = { 0.3, 0.1, 0.03 }, K = { 10, 20, 40 }, gain = gains,
      keep = { 0.995, 0.998, 0.999, 0.9995 }, share = { 1 }, back = { 1 } },
    policy = rule("many_probes", { "K", "gain", "keep", "share", "back" }, {},
      accepted({ "K", "back" }, { number = number })),
  }
end

--- Pairs to both sides.
local function pairs_of(key, title, source, number, pairs, gains)
  return { key = key, flat = key ~= "spsa", title = title, hears = number == 1 and "number" or "bit",
    memory = key == "evolution" and 2 or 1, source = source,
    space = { rate = RATES, rate_end = ENDS, gain = gains, pairs = pairs },
    policy = rule("spsa", { "gain", "pairs" }, { number = number }) }
end

methods.list = {
  probes(0, { 0.1, 0.2, 0.4, 0.8 }),
  probes(1, { 0.2, 0.4, 0.8, 1.6 }),
  { key = "perturbation", title = "weight perturbation", hears = "bit", memory = 2,
    source = "Jabri and Flower 1992; Barto, Sutton and Anderson 1983",
    space = { rate = RATES, rate_end = ENDS, keep = { 0, 0.5, 0.8 }, noise = { 1.1, 1.2, 1.5, 2 } },
    policy = rule("perturbation", { "keep", "noise" }) },
  { flat = true, key = "perturbation-number", title = "weight perturbation, by numbers", hears = "number", memory = 2,
    source = "Jabri and Flower 1992; Barto, Sutton and Anderson 1983",
    space = { rate = RATES, rate_end = ENDS, keep = { 0, 0.5, 0.8 }, noise = { 0.15, 0.2, 0.3, 0.5 } },
    policy = rule("perturbation", { "keep", "noise" }, {}, function() return { reward_levels = 20 } end) },
  pairs_of("spsa", "SPSA (MeZO)", "Spall 1992; Malladi et al. 2023", 1, { 1 }, { 2, 4, 7 }),
  pairs_of("feedsign", "SPSA by sign (FeedSign)", "Cai, Chen and Zhu 2025", 0, { 1 }, { 2, 4, 6 }),
  pairs_of("evolution", "evolution strategy, antithetic pairs", "Salimans et al. 2017", 1, { 2, 5, 10, 20 },
    { 4, 8, 16 }),
  { flat = true, key = "one-plus-one", title = "(1+1) with the 1/5 rule", hears = "bit", memory = 1,
    source = "Rechenberg 1973; Kern et al. 2004",
    space = { rate = { 16, 32, 64, 128, 256 }, rate_end = ENDS, grow = { 1.1, 1.3, 1.5 } },
    policy = rule("one_plus_one", { "grow" }, {}, accepted({}, { K = 1e6 })) },
  { flat = true, key = "rso", title = "random search by a few synapses (RSO)", hears = "bit", memory = 1,
    source = "Tripathi and Singh 2020",
    space = { rate = { 16, 64, 256, 1024 }, rate_end = ENDS, share = { 1e-3, 1e-2, 3e-2, 1e-1, 3e-1 } },
    policy = rule("one_plus_one", { "share" }, { grow = 1 }, accepted({}, { K = 1e6 })) },
  { flat = true, key = "alopex", title = "Alopex", hears = "number", memory = 1,
    source = "Unnikrishnan and Venugopal 1994",
    space = { rate = RATES, rate_end = ENDS, every = { 5, 10, 50, 200 } },
    policy = rule("alopex", { "every" }) },
  { key = "win-stay", title = "win-stay, lose-reverse", hears = "bit", memory = 1, source = "Robbins 1952",
    space = { rate = RATES, rate_end = ENDS, epsilon = { 0.02, 0.05, 0.1, 0.2 } },
    policy = rule "win_stay" },
  { flat = true, key = "paper", title = "the paper's policy, frozen", hears = "bit", memory = 2, source = "the paper",
    space = { rate = RATES, rate_end = ENDS, epsilon = { 0.05, 0.1, 0.25 } },
    policy = function(_, needs) return lab.table_policy(needs.policy.csv) end },
}

local by_key = {}
for _, method in ipairs(methods.list) do by_key[method.key] = method end

function methods.get(key)
  return by_key[key] or error(("no method is called '%s'"):format(key), 0)
end

--- The options of runs of a method with a setting, but for task, length and seeds. `rate` is the task's own.
function methods.options(method, setting, rate, needs)
  local policy, more = method.policy(setting, needs)
  local linear = setting.rate_end < 1
  return lab.set { lab.synaptic { policy = policy, epsilon = setting.epsilon }, lab.set(more or {}),
    rate = rate * setting.rate, rate_schedule = linear and "linear" or nil,
    rate_end = linear and setting.rate_end or nil }
end

--- "K = 10, gain = 0.4, ...": a setting in words, its names in order.
function methods.words(setting)
  local names, said = {}, {}
  for name in pairs(setting) do names[#names + 1] = name end
  table.sort(names)
  for i, name in ipairs(names) do said[i] = ("%s = %g"):format(name, setting[name]) end
  return table.concat(said, ", ")
end

return methods

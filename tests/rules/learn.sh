#!/bin/sh
# Rules that move all synapses at once and hear the loss alone learn the built-in letters, each with the
# reward it goes with: after 500 evaluations they have four times the accuracy of a walk at random.
#
#   learn.sh SYNLAB
. "$(dirname "$0")/../lib.sh"
synlab=$1

cat >learn.lua <<'LUA'
local lab = require "experiment"

local names, named = {}, {}

--- A rule with its parameters, rate and further options of its run.
local function try(name, file, params, rate, more)
  names[#names + 1] = name
  named[name] = lab.sweep {
    lab.set { task = "images", data = "letters", net = { 784, 10 }, batch_size = 1000, batch_interval = 0 },
    lab.synaptic { policy = lab.rule("policies/rules/" .. file .. ".lua", params) },
    lab.set(more or {}), rate = rate, iterations = 500, seeds = 1 }
end

local function accepted(params)
  return { reward = lab.reward("policies/rewards/accepted.lua", params) }
end

try("random-walk", "random_walk", {}, 2e-3)
try("spsa", "spsa", { gain = 4 }, 2e-3)
try("spsa-sign", "spsa", { gain = 4, number = 0 }, 2e-3)
try("spsa-pairs", "spsa", { gain = 16, pairs = 5 }, 2e-3)
try("one-plus-one", "one_plus_one", { grow = 1.1 }, 8e-3, accepted { K = 1e6 })
try("rso", "one_plus_one", { grow = 1, share = 0.1 }, 2e-2, accepted { K = 1e6 })
try("alopex", "alopex", {}, 4e-3)
try("perturbation", "perturbation", { keep = 0, noise = 1.2 }, 4e-3)
try("perturbation-number", "perturbation", { keep = 0, noise = 0.2 }, 4e-3, { reward_levels = 20 })
try("many-probes", "many_probes", { K = 7, gain = 0.8, keep = 0.99 }, 2e-3, accepted { K = 7 })
try("many-probes-number", "many_probes", { K = 7, gain = 1.6, keep = 0.99 }, 2e-3, accepted { K = 7, number = 1 })
try("probe-and-vote", "probe_and_vote", {}, 2e-3)

return lab.chapter {
  id = "learn",
  title = "Do they learn?",
  runs = named,
  lab.table { name = "learn", title = "Accuracies", caption = "On the batch, in per mille.",
    columns = { "Rule", "Accuracy" },
    rows = function(results)
      local rows = {}
      for i, name in ipairs(names) do
        rows[i] = { name, ("%d"):format(1000 * lab.values(results[name], "batch.accuracy")[1]) }
      end
      return rows
    end },
}
LUA

check 'all are run' 0 '' "$synlab" run learn.lua --out out --jobs 1
sed -n 's/^| \([a-z-]*\) *| \([0-9]*\) *|$/\1 \2/p' out/learn.md >table
walk=$(sed -n 's/^random-walk //p' table)
expect 'the walk is told' test -n "$walk"
expect 'twelve are told' test "$(wc -l <table)" = 12
while read -r rule accuracy; do
  [ "$rule" = random-walk ] || expect "$rule: $accuracy, a random walk $walk" test "$accuracy" -ge $((4 * walk))
done <table
[ -z "${SYNLAB_SHOW-}" ] || cat table
finish

#!/bin/sh
# The benchmark tells what it says it tells: parts that are times and add up, ratios in order, shares.
# How fast anything is, is not asked.
#
#   bench.sh SYNLAB
. "$(dirname "$0")/../lib.sh"
synlab=$1

cat >bench.lua <<'LUA'
local synlab = require "synlab"
local m = synlab.bench()
local function between(name, value, low, high)
  if not (type(value) == "number" and value >= low and value <= high) then
    error(("%s is %s, not from %s to %s"):format(name, tostring(value), low, high))
  end
end
local function check_policy(where, p)
  for _, name in ipairs { "dense_ms", "ms", "speedup", "speedup_low", "speedup_high" } do
    between(where .. name, p[name], 1e-6, 1e6)
  end
  assert(p.speedup_low <= p.speedup and p.speedup <= p.speedup_high, where .. "quartiles")
  between(where .. "sparse_share", p.sparse_share, 0, 1)
  between(where .. "density", p.density, 0, 2)
end
for name, net in pairs(m.nets) do
  for _, part in ipairs { "product_ms", "policy_ms", "head_ms", "sgemm_ms" } do
    between(name .. "." .. part, net[part], 1e-6, 1e6)
  end
  for _, ratio in ipairs { "speedup_vs_sgemm", "threads2_speedup", "share_of_peak", "gmacs" } do
    between(name .. "." .. ratio, net[ratio], 1e-6, 1e6)
  end
  between(name .. ".spread", net.spread, 0, 10)
  for policy, p in pairs(net.policies) do check_policy(name .. "." .. policy .. ".", p) end
  assert(net.policies.trained, name)
end
-- a policy that repeats itself but for exploration: two thirds of 0.1 of its actions are new
do
  for _, name in ipairs { "784-10", "784-32-10" } do
    between(name .. " density", m.nets[name].policies.win_stay.density, 0.06, 0.2)
  end
end
for _, name in ipairs { "version", "commit", "processor", "isa", "products", "blas_core" } do
  assert(type(m[name]) == "string" and #m[name] > 0, name)
end
assert(m.products == "cheaper", m.products)
between("boundary", m.boundary.us_per_iter, 0.1, 1e6)
for _, ratio in ipairs { m.rules.table, m.rules.learning, m.rules.reward, m.rules.state["784-10"],
  m.rules.state["784-32-10"], m.rules["local"]["300"] } do between("rules", ratio, 0.01, 1000) end
LUA
check 'the benchmark' 0 '' "$synlab" run bench.lua --quick
check 'products that are not' 2 "SYNLAB_PRODUCTS: .*must be cheaper, dense or sparse" \
  env SYNLAB_PRODUCTS=sparce "$synlab" options
finish

-- How fast the engine is here: the benchmark twice, beside what was asked and the paper's hours.
-- Writes OUT/performance.md. Seconds belong to the machine; ratios carry over.
local claims = require "verdicts.claims"
local format = require "text.format"
local synlab = require "synlab"
local tables = require "text.tables"
local weave = require "text.weave"

local nets = { "784-32-10", "784-10", "784-256-10" }

local policies = { { name = "win_stay", title = "win-stay, lose-reverse" },
  { name = "trained", title = "the paper's method's, frozen" },
  { name = "training", title = "Q-learning, training" } }

--- How much faster than full products the iterations of a policy are asked to be, by instruction set.
local function faster(net, policy, title, avx2, vnni)
  return { ("%s, %s: faster than by full products"):format(net, title),
    synlab.versions().isa == "avx512vnni" and vnni or avx2, "%.2f ×",
    function(m) return m.nets[net].policies[policy].speedup end }
end

--- What the design asks of each figure; `of` finds it in a measurement.
local asked = {
  { "whole iteration, 784-32-10, share of the int8 peak", 0.65, "%.2f",
    function(m) return m.nets["784-32-10"].share_of_peak end },
  { "whole iteration, 784-10, share of the int8 peak", 0.45, "%.2f",
    function(m) return m.nets["784-10"].share_of_peak end },
  { "784-32-10 against the same iteration with OpenBLAS sgemm", 4.5, "%.1f ×",
    function(m) return m.nets["784-32-10"].speedup_vs_sgemm end },
  { "product alone against oneDNN's int8 product, 10 units", 1.0, "%.2f ×",
    function(m) return m.nets["784-10"].product_vs_onednn end },
  { "the same, 32 units", 1.2, "%.2f ×",
    function(m) return m.nets["784-32-10"].product_vs_onednn end },
  { "the same, 256 units", 1.0, "%.2f ×",
    function(m) return m.nets["784-256-10"].product_vs_onednn end },
  faster("784-10", "win_stay", "win-stay", 2.0, 1.5),
  faster("784-32-10", "win_stay", "win-stay", 2.6, 2.0),
  faster("784-10", "trained", "the frozen policy", 1.5, 1.15),
  faster("784-32-10", "trained", "the frozen policy", 1.8, 1.5),
  faster("784-10", "training", "policy in training", 0.97, 0.97),
  faster("784-32-10", "training", "policy in training", 0.97, 0.97),
  { "two threads on one 784-32-10 run", 1.8, "%.2f ×",
    function(m) return m.nets["784-32-10"].threads2_speedup end },
  { "boundary task, microseconds an iteration (at most)", 90, "%.0f",
    function(m) return m.boundary.us_per_iter end, most = true },
  { "peak memory of a 784-32-10 run over the data set, MiB (at most)", 64, "%.0f",
    function(m) return m.rss_mib - m.data_mib end, most = true },
  { "a finite-state rule in Lua against the same table in C (at most)", 1.02, "%.3f",
    function(m) return m.rules.table end, most = true },
  { "a local rule in Lua against a loop in C, 7,850 synapses (at most)", 3.0, "%.2f",
    function(m) return m.rules["local"]["7850"] end, most = true },
  { "the same, a layer of 300 synapses", 3.0, "%.2f",
    function(m) return m.rules["local"]["300"] end, most = true },
}

local function row_of_net(name, m)
  local net = m.nets[name]
  return { name, ("%.3f"):format(net.ms_per_iter), ("%.0f"):format(net.gmacs),
    format.percent(net.share_of_peak, 0),
    net.training_ms_per_iter and ("%.3f"):format(net.training_ms_per_iter) or "–",
    ("%.3f"):format(net.product_ms), ("%.3f"):format(net.policy_ms),
    ("%.3f"):format(net.head_ms), ("%.1f ×"):format(net.speedup_vs_sgemm),
    net.product_vs_onednn and ("%.2f ×"):format(net.product_vs_onednn) or "–",
    ("%.2f ×"):format(net.threads2_speedup) }
end

local function right(...)
  local columns = { "Network" }
  for i, name in ipairs { ... } do columns[i + 1] = { name, align = "right" } end
  return columns
end

local function measurement(number, m)
  local rows = {}
  for i, name in ipairs(nets) do rows[i] = row_of_net(name, m) end
  return ("**Run %d.** Peak of one core: %.1f G multiply-adds/s for bytes, %.1f for float32. "
    .. "Boundary task: %.1f µs an iteration, policy in training. Peak memory of a 784-32-10 run: "
    .. "%.1f MiB, of which images %.1f."):format(number, m.int8_peak_gmacs, m.float32_peak_gmacs,
      m.boundary.us_per_iter, m.rss_mib, m.data_mib) .. "\n\n"
    .. tables.markdown(right("ms/iteration", "G mult-adds/s", "of peak", "ms, policy learns",
      "product", "policy", "rest", "vs sgemm", "vs oneDNN", "2 threads"), rows)
end

--- Full products always, and the cheaper of full and sparse ones.
local function products(m)
  local rows = {}
  for _, name in ipairs(nets) do
    for _, policy in ipairs(policies) do
      local p = m.nets[name].policies[policy.name]
      rows[#rows + 1] = p and { name, policy.title, ("%.3f"):format(p.dense_ms),
        ("%.3f"):format(p.ms), ("%.2f ×"):format(p.speedup),
        ("%.2f to %.2f"):format(p.speedup_low, p.speedup_high), ("%.3f"):format(p.density),
        format.percent(p.sparse_share, 0) }
    end
  end
  return tables.markdown({ "Network", "Policy", { "full, ms", align = "right" },
    { "cheaper, ms", align = "right" }, { "faster", align = "right" },
    { "quartiles", align = "right" }, { "density", align = "right" },
    { "sparse", align = "right" } }, rows)
end

local function verdicts(runs)
  local rows = {}
  for i, item in ipairs(asked) do
    local name, goal, show, of = table.unpack(item)
    local row, good, measured = { name, show:format(goal) }, true, true
    for _, m in ipairs(runs) do
      local value = of(m)
      row[#row + 1] = value and show:format(value) or "not built in"
      measured = measured and value ~= nil
      good = good and value and (item.most and value <= goal or not item.most and value >= goal)
    end
    row[#row + 1] = not measured and "–" or good and "reached" or "**not reached**"
    rows[i] = row
  end
  return tables.markdown({ "What", { "Asked", align = "right" }, { "Run 1", align = "right" },
    { "Run 2", align = "right" }, "" }, rows)
end

--- The paper's run times beside what the measured iterations add up to.
local function hours(m)
  local rows = {}
  for i, item in ipairs {
    { "table1.synaptic32", "784-32-10", 500000 }, { "table1.synaptic0", "784-10", 200000 } } do
    local published = claims.get(item[1]).published.runtime
    local ours = item[3] * m.nets[item[2]].ms_per_iter / 1000
    rows[i] = { item[2], format.count(item[3]), format.duration(published),
      format.duration(ours), ("%.0f ×"):format(published / ours) }
  end
  return tables.markdown(right("iterations", "paper", "here, one core", ""), rows)
end

local runs = { synlab.bench(), synlab.bench() }

local function parts(name)
  local net = runs[2].nets[name]
  local function share(ms) return format.percent(ms / net.ms_per_iter, 0) end
  return ("%s: product %s, policy step %s, layers above, loss and the rest %s"):format(name,
    share(net.product_ms), share(net.policy_ms), share(net.head_ms))
end

synlab.write("performance.md", table.concat({
  "# Performance",
  "Repeat: `build/synlab run experiments/performance.lua --out reports`, or `make bench` for one "
    .. "run on the terminal. One process on one core unless said otherwise; means of iterations "
    .. "without the slowest eighth, medians over rounds. The policy is the paper's method's, frozen; "
    .. "*of peak* counts full products, so it may pass 100 % where most of a product is known. *vs sgemm*: the same iteration with the first layer's product by OpenBLAS "
    .. "(its own choice of kernels), against ours. *vs oneDNN*: its int8 product alone "
    .. "(`dnnl_gemm_u8s8s32`) against ours.",
  weave.provenance(synlab),
  "## Two consecutive runs",
  measurement(1, runs[1]),
  measurement(2, runs[2]),
  "## Less work for the same bits",
  "A move that nearly repeats earlier ones changes the first layer's sums by what is known and by "
    .. "the few actions that differ (*density*: their share). Each iteration takes the cheaper of "
    .. "the full product and this sparse one (*sparse*: share of the products). Times were taken in "
    .. "turn; epsilon is 0.1.",
  products(runs[2]),
  "## Asked and reached",
  verdicts(runs),
  "## Beside the paper's hours",
  "An AMD Ryzen 9 5900X in the paper; iterations at the length of Table 1.",
  hours(runs[2]),
  "## Where the time goes",
  "Parts of an iteration, as measured above:",
  "- " .. parts "784-32-10" .. "\n- " .. parts "784-10",
  "The full product runs close to the peak of its instruction, the sparse one at what the caches "
    .. "deliver. The rest is the pre-activations of the first layer (reading and converting the lattice "
    .. "sums), the product of the layer above, and the exponentials of the softmax. `make profile` writes "
    .. "`reports/profile.txt`, the same seen by `perf`.",
}, "\n\n") .. "\n")
synlab.manifest("performance", {})

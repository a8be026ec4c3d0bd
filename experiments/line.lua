-- How hard is the boundary task? A straight line as the baseline: no hidden units, gradient descent.
local lab = require "experiment"
local boundary = require "setups.boundary"
local claims = require "verdicts.claims"
local format = require "text.format"
local stats = require "statistics.stats"

local threshold = claims.get("figure2.convergence").threshold

local function numbers(results, needs)
  local line = boundary.summary(results, threshold)
  local frozen = boundary.summary(needs.figure2.frozen, threshold)
  local pair = stats.paired(frozen.accuracy, line.accuracy)
  return { line = boundary.share(line), frozen = boundary.share(frozen),
    n = format.counted(line.runs, "target"),
    gain = pair and ("%s percentage points (95 %% interval %s to %s)"):format(
      format.signed(100 * pair.mean, 2), format.signed(100 * pair.low, 2),
      format.signed(100 * pair.high, 2)) or "–" }
end

return lab.chapter {
  id = "line",
  title = "How hard are the boundaries?",
  finding = "a straight line reaches 95 % on ${line} of the targets of Figure 2",
  needs = { "figure2" },

  [[
  The target of the boundary task is a random network of 100 hidden units, but over the square that
  it is looked at most of these boundaries are nearly straight. How much does a number like 95 % say
  then? On the ${n} of Figure 2, with the same points, a network without hidden units, which can
  draw nothing but a straight line, is trained by gradient descent (2,000 steps at a rate of 0.1).
  ]],

  runs = function()
    return lab.sweep {
      lab.descent { task = "boundary", net = { 2, 1 }, output = "identity", loss = "euclidean",
        rate = 0.1, iterations = 2000 },
      seeds = lab.seeds(lab.budget().first_transfer, lab.budget().transfer_tasks) }
  end,

  lab.table {
    name = "line",
    title = "A straight line and the frozen policy",
    caption = "Final accuracy on the targets of Figure 2.",
    columns = { "Network", { "n", align = "right" }, { "End at ≥ 95 %", align = "right" },
      { "Min", align = "right" }, { "Median", align = "right" }, { "Max", align = "right" } },
    rows = function(results, needs)
      local rows = {}
      for i, kind in ipairs { { "straight line, gradient descent", results },
        { "2-100-1, frozen policy", needs.figure2.frozen } } do
        local s = boundary.summary(kind[2], threshold)
        rows[i] = { kind[1], s.runs, s.converged, format.percent(stats.min(s.accuracy), 2),
          format.percent(stats.median(s.accuracy), 2), format.percent(stats.max(s.accuracy), 2) }
      end
      return rows
    end,
  },

  numbers = numbers,

  [[
  **Result.** The straight line reaches 95 % on ${line} of the targets, the frozen policy on ${frozen}.
  Target by target, the network of the frozen policy is ahead by ${gain}: that is what a hundred hidden
  units and the method add to a line here.
  ]],
}

--- The protocol that picks the policy for the frozen runs: see the chapter experiments/policy.lua,
--- which states it.
local protocol = {}

local format = require "text.format"
local lab = require "experiment"
local stats = require "statistics.stats"

local KINDS = { "final", "average" }

--- Seeds of the tasks on which candidates are judged.
function protocol.unseen()
  return lab.seeds(lab.budget().first_unseen, lab.budget().unseen_tasks)
end

--- Tables in a fixed order: for each of the first training runs, by default as many as the protocol judges,
--- its final and its average table.
local function candidates(trained, most)
  local list = {}
  local first = table.move(trained, 1, math.min(#trained, most or lab.budget().candidates), 1, {})
  for _, record in ipairs(lab.measured(first)) do
    for _, kind in ipairs(KINDS) do
      local csv = record.policies and record.policies[kind]
      if csv then
        list[#list + 1] = { seed = record.spec.seed, kind = kind, csv = csv,
          trained = record.train.accuracy }
      end
    end
  end
  return list
end

--- The first `n` tables of a kind, "final" or "average", as policy files.
function protocol.tables(trained, kind, n)
  local list = {}
  for _, candidate in ipairs(candidates(trained, #trained)) do
    if candidate.kind == kind and #list < n then list[#list + 1] = candidate.csv end
  end
  return list
end

--- One run of each candidate on each unseen task.
function protocol.runs(trained, options)
  local runs = {}
  for _, candidate in ipairs(candidates(trained)) do
    local part = lab.sweep {
      options,
      lab.synaptic { policy = lab.table_policy(candidate.csv), epsilon = 0.25 },
      seeds = protocol.unseen(),
    }
    table.move(part, 1, #part, #runs + 1, runs)
  end
  return runs
end

--- A table of no use but of the right size, where only the time counts; no two are the same.
function protocol.any_table(number)
  local lines = { "a_older,a_newer,r_older,r_newer,q_dec,q_null,q_inc" }
  for state = 0, 80 do
    lines[#lines + 1] = ("%d,%d,%d,%d,0,0,%d"):format(state % 3 - 1, state // 3 % 3 - 1,
      state // 9 % 3 - 1, state // 27 - 1, number)
  end
  return table.concat(lines, "\n") .. "\n"
end

--- For the plan, before there are training runs: records of `n` of them.
function protocol.foreseen_training(n)
  local list = {}
  for i = 1, n do
    list[i] = { status = "ended", spec = { seed = i }, train = { accuracy = 0 },
      policies = { final = protocol.any_table(2 * i - 1), average = protocol.any_table(2 * i) } }
  end
  return list
end

--- For the plan, before one was picked.
function protocol.foreseen()
  return { csv = protocol.any_table(0), words = "" }
end

--- The candidates with their accuracies; the results stand in the order of protocol.runs.
local function judged(results, trained)
  local list, each = candidates(trained), #protocol.unseen()
  for i, candidate in ipairs(list) do
    local part = table.move(results, (i - 1) * each + 1, i * each, 1, {})
    candidate.accuracies = lab.values(part, "train.accuracy")
    candidate.mean, candidate.runs, candidate.keys = stats.mean(candidate.accuracies), part, {}
    for k, record in ipairs(part) do candidate.keys[k] = record.key end
  end
  return list
end

function protocol.by_kind(results, trained)
  local kinds = { final = {}, average = {} }
  for _, candidate in ipairs(judged(results, trained)) do
    table.insert(kinds[candidate.kind], candidate)
  end
  return kinds
end

--- The best average table; of equals that of the lower seed. nil if none could be judged.
function protocol.choose(results, trained)
  local best
  for _, c in ipairs(protocol.by_kind(results, trained).average) do
    local better = c.mean and (not best or c.mean > best.mean
      or c.mean == best.mean and c.seed < best.seed)
    if better then best = c end
  end
  return best
end

--- The policy file given on the command line, or nil. `words` says what it is, in a sentence.
function protocol.given()
  local given = lab.given_policy()
  local words = "the policy of `%s`, which was given in place of the protocol's choice"
  return given and { csv = given.csv, words = words:format(given.name) }
end

--- The policy that the protocol picks, or nil.
function protocol.picked(results, trained)
  local chosen = protocol.choose(results, trained)
  local words = "the average table of training seed %.0f, which the protocol picked"
  return chosen and { csv = chosen.csv, words = words:format(chosen.seed) }
end

--- One row a training seed: { seed, trained, final mean, average mean }.
local function by_seed(results, trained)
  local rows, index = {}, {}
  for _, c in ipairs(judged(results, trained)) do
    if not index[c.seed] then
      index[c.seed] = { seed = c.seed, trained = c.trained }
      rows[#rows + 1] = index[c.seed]
    end
    index[c.seed][c.kind] = c
  end
  return rows
end

function protocol.rows(results, trained)
  local rows, chosen = {}, protocol.choose(results, trained)
  for i, r in ipairs(by_seed(results, trained)) do
    local average = format.percent(r.average and r.average.mean, 2)
    rows[i] = { ("%.0f"):format(r.seed), format.percent(r.trained, 2),
      format.percent(r.final and r.final.mean, 2),
      chosen and chosen.seed == r.seed and "**" .. average .. "**" or average }
  end
  return rows
end

function protocol.csv(results, trained)
  local rows = {}
  for i, c in ipairs(judged(results, trained)) do
    rows[i] = { ("%.0f"):format(c.seed), c.kind, c.trained, c.mean, stats.min(c.accuracies),
      stats.max(c.accuracies), #c.accuracies }
  end
  return { rows = rows, columns = { "training_seed", "table", "trained_accuracy", "mean", "min",
    "max", "tasks" } }
end

--- All candidates as points, a column for each seed, sorted by the average table: the last column
--- is the one that is chosen.
function protocol.panels(results, trained, threshold)
  local rows = by_seed(results, trained)
  table.sort(rows, function(a, b)
    local x, y = a.average and a.average.mean or 0, b.average and b.average.mean or 0
    if x ~= y then return x < y end
    return a.seed > b.seed
  end)
  local function points(kind, style, title, shift)
    local s = { x = {}, y = {}, low = {}, high = {}, runs_of = {}, style = style, title = title }
    for i, r in ipairs(rows) do
      if r[kind] and r[kind].mean then
        local n = #s.x + 1
        s.x[n], s.y[n] = i + shift, r[kind].mean
        s.runs_of[n] = r[kind].runs
        s.low[n], s.high[n] = stats.min(r[kind].accuracies), stats.max(r[kind].accuracies)
      end
    end
    return s
  end
  local ticks = {}
  for i, r in ipairs(rows) do ticks[i] = { i, ("%.0f"):format(r.seed) } end
  return { { kind = "curves", title = "Frozen policies on unseen boundary tasks", percent = true,
    xlabel = "training seed", ylabel = "final accuracy (%)", xticks = ticks,
    xrange = { 0.4, #rows + 0.6 }, yrange = { nil, 100 },
    series = { points("average", "first", "average table", -0.12),
      points("final", "second", "final table", 0.12) },
    lines = { { y = threshold, title = format.percent(threshold, 0) } } } }
end

return protocol

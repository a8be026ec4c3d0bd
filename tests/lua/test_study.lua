local check, sweep = require "check", require "runs.sweep"
local test, same = check.test, check.same

--- The elements of chapters as they come, and a study over made-up records.
local lab = { figure = function(e) return e end, table = function(e) return e end }

local function record(history, seed, accuracy, status)
  return { status = status or "ended", train = { accuracy = accuracy }, spec = { seed = seed,
    policy = { name = "explore", inner = { name = "qtable", history = history } } } }
end

local function declare(changes)
  local d = { name = "s", title = "S", caption = "C", over = { "policy.history" },
    reference = { ["policy.history"] = 2 }, threshold = 0.9 }
  for key, value in pairs(changes or {}) do d[key] = value end
  return require("study.study").declare(lab, d)
end

local records = {
  record(1, 1, 0.80), record(1, 2, 0.90), record(1, 3, 0.85),
  record(2, 1, 0.90), record(2, 2, 0.98), record(2, 3, 0.94),
  record(3, 1, 0.95), record(3, 2, nil, "failed"), record(3, 3, 0.95),
}

test("study: cells with their means, shares and paired differences", function()
  local cells = declare().cells(records)
  same(#cells, 3)
  same(cells[1].label, "1")
  same(cells[2].reference, true)
  same(cells[2].converged, 3)
  same(cells[3].converged, 2)
  -- differences -0.10, -0.08, -0.09: mean -0.09, sd 0.01; t(0.975, 2) = 4.302653 (any table)
  check.near(cells[1].pair.mean, -0.09, 1e-12)
  check.near(cells[1].pair.high, -0.09 + 4.302653 * 0.01 / math.sqrt(3), 1e-6)
  same(cells[3].pair.n, 2)
  same(cells[3].pair.missing, 1)
end)

test("study: the table says how many runs there were, and which cell is the reference", function()
  local rows = declare().table.rows(records)
  same(rows[2][6], "reference")
  same(rows[3][2], "2 of 3 (1 failed)")
  same(rows[1][6], "−9.00")
end)

test("study: the CSV has a line a run, failed ones too", function()
  local csv = declare().table.csv(records)
  same(csv.columns[1], "policy.history")
  same(#csv.rows, 9)
  same(csv.rows[8][3], "failed")
end)

test("study: pictures that fit", function()
  same(declare().figure.panels(records)[1].series[2].x, { 1, 2, 3 })
  local two = declare { over = { "policy.history", "seed" }, reference = false }
  local heat = two.figure.panels(records)[1]
  same({ heat.kind, heat.cells, heat.high, heat.notes },
    { "heat", 3, 3, { "white: no measurement", "more is better" } })
  same(heat.values[2], 0.90)
  same(two.figure.panels { record(1, 1, 0.9), record(1, 2, 0.9) }[1].notes, { "more is better" })
  local points = declare { picture = "points" }.figure.panels(records)[1]
  same({ points.xticks[1], points.bounds }, { { 1, "1" }, { 0, 100 } })
  local forest = declare { picture = "forest" }.figure.panels(records)[1]
  same({ forest.bounds, forest.differences }, { { -100, 100 }, true })
  same(points.series[1].title, "mean over seeds, 95 % interval")
  local one = declare { picture = "points" }.figure.panels { record(2, 1, 0.9), record(3, 1, 0.8) }
  same({ #one[1].series, one[1].series[1].title }, { 1, "1 seed, no 95 % interval" })
end)

test("study: points with long names lie, and no interval of a share leaves 0 to 100", function()
  local runs = {}
  for i, accuracy in ipairs { 0.99, 0.60, 0.95, 0.90 } do
    runs[i] = { status = "ended", train = { accuracy = accuracy }, spec = { seed = i % 2,
      policy = { name = "qtable", history = (i > 2 and "a" or "b"):rep(60) } } }
  end
  local panel = declare { picture = "points", reference = false }.figure.panels(runs)[1]
  same({ panel.kind, #panel.rows, panel.bounds, panel.differences }, { "forest", 2, { 0, 100 } })
  same(panel.head, "policy.history")
  same(panel.xlabel, "training accuracy (%, mean over seeds, 95 % interval)")
  panel = declare { picture = "points", reference = false }.figure.panels { runs[2], runs[3] }[1]
  same({ panel.xlabel, panel.rows[1].open, panel.rows[1].label:sub(-8) },
    { "training accuracy (%)", true, "(1 seed)" })
end)

test("study: in words", function()
  same(declare().words(records), "Best on average: history 3 (95.0 %); worst: history 1 (85.0 %). Of 2 "
    .. "paired differences, 0 have an interval above 0 and 1 one below (history 1). By chance alone about "
    .. "one in twenty would.")
  same(declare().extremes(records), "best on average: history 3 (95.0 %); worst: history 1 (85.0 %)")
  same(declare { reference = false }.extremes {}, "no measurement")
end)

test("study: cells that are equal are not called best and worst", function()
  local study = declare { reference = false, labels = { ["policy.history"] = "n" } }
  same(study.extremes { record(1, 1, 0.8), record(2, 1, 0.8) },
    "equal on average: n 1 and n 2 (80.0 %)")
  same(study.extremes { record(1, 1, 0.8) }, "on average: n 1 (80.0 %)")
  same(study.extremes { record(1, 1, 0.8), record(2, 1, 0.9), record(3, 1, 0.9) },
    "best on average: n 2 and n 3, which are equal (90.0 %); worst: n 1 (80.0 %)")
  local many = {}
  for n = 1, 4 do many[n] = record(n, 1, 0.8) end
  same(study.extremes(many), "equal on average: n 1 and n 2 and n 3 and n 4 (80.0 %)")
  for n = 5, 9 do many[n] = record(n, 1, 0.8) end
  same(study.extremes(many), "equal on average: n 1 and n 2 and n 3 and 6 more (80.0 %)")
end)

test("study: in words each value has the name of its option", function()
  local runs = {}
  for i, flip in ipairs { 0, 0.1 } do
    runs[i] = { status = "ended", train = { accuracy = 0.8 + i / 10 }, spec = { seed = 1, update = "both",
      reward = { name = "reward", file = "a/noisy.lua", flip = flip },
      policy = { name = "rule", file = "jumpy.lua", fade = 0.9 } } }
  end
  local over = { "policy.fade", "reward.flip", "update", "policy.file", "reward.file",
    { name = "half", of = function(r) return r.spec.reward.flip > 0 and "second" or "first" end },
    { name = "seed of all", of = function(r) return r.spec.seed end } }
  same(declare { reference = false, over = over }.extremes(runs),
    "best on average: fade 0.9, flip 0.1, update both, policy jumpy, reward noisy, second, seed of all = 1 "
    .. "(100.0 %); worst: fade 0.9, flip 0, update both, policy jumpy, reward noisy, first, seed of all = 1 "
    .. "(90.0 %)")
end)

test("study: files have their short names, while these are different", function()
  local function run(file, seed, accuracy)
    return { status = "ended", train = { accuracy = accuracy }, spec = { seed = seed,
      reward_tie = "penalty", reward = file and { name = "reward", file = file } } }
  end
  local study = declare { over = { "reward.file" }, reference = { ["reward.file"] = "policies/rewards/paper.lua" } }
  local runs = { run("policies/rewards/paper.lua", 1, 0.8), run("mine/dopamine.lua", 1, 0.9), run(nil, 1, 0.7) }
  local cells = study.cells(runs)
  same({ cells[1].label, cells[2].label, cells[3].label }, { "paper", "dopamine", "built-in" })
  same({ cells[1].reference, cells[2].reference }, { true })
  same(study.table.csv(runs).rows[2][1], "dopamine")
  same(declare { over = { "reward.file" }, reference = { ["reward.file"] = "paper" } }.cells(runs)[1].reference,
    true)
  same(declare { over = { "reward.file" }, reference = { ["reward.file"] = "built-in" } }.cells(runs)[3].reference,
    true)
  runs[2] = run("mine/paper.lua", 1, 0.9)
  same(study.cells(runs)[2].label, "mine/paper.lua")
  runs[2] = run("policies/rewards/paper.lua", 1, 0.9)
  check.fails("they are the same run", study.cells, runs)
end)

test("study: built-in rewards are told by the options that differ", function()
  local function run(tie, memory, seed)
    return { status = "ended", train = { accuracy = 0.9 }, spec = { seed = seed, reward_tie = tie,
      reward_memory = memory, reward_signal = "loss" } }
  end
  local runs = { run("penalty", 10, 1), run("zero", 10, 1), run("zero", 100, 1),
    { status = "ended", train = { accuracy = 0.9 }, spec = { seed = 1,
      reward = { name = "reward", file = "bit.lua" } } } }
  local labels, words = {}, {}
  for i, cell in ipairs(declare { over = { "reward.file" }, reference = false }.cells(runs)) do
    labels[i], words[i] = cell.label, cell.words
  end
  same({ words[1], words[4] }, { "reward_memory 10, reward_tie penalty", "reward bit" })
  same(labels, { "reward_memory 10, reward_tie penalty", "reward_memory 10, reward_tie zero",
    "reward_memory 100, reward_tie zero", "bit" })
end)

test("study: a parameter of the policy within, by its whole name", function()
  local function run(outer, inner, seed)
    return { status = "ended", train = { accuracy = 0.9 }, spec = { seed = seed, policy = {
      name = "explore", epsilon = outer, inner = { name = "rule", file = "e.lua", epsilon = inner } } } }
  end
  local runs = { run(0.3, 0.1, 1), run(0.3, 0.2, 1) }
  check.fails("two runs of seed 1 in the cell 0.3; `over` leaves out what differs: policy.inner.epsilon",
    declare { over = { "policy.epsilon" }, reference = false }.cells, runs)
  local study = declare { over = { "policy.inner.epsilon" }, reference = { ["policy.inner.epsilon"] = 0.1 } }
  local cells = study.cells(runs)
  same({ cells[1].label, cells[2].label, cells[1].reference }, { "0.1", "0.2", true })
  check.contains(study.extremes(runs), "epsilon 0.1")
  same(sweep.value(runs[1].spec, "policy.inner.file"), "e.lua")
  same(sweep.value(runs[1].spec, "policy.inner.inner.file"), nil)
  local shallow = declare { over = { "policy.inner.history" }, reference = { ["policy.inner.history"] = 2 } }
  same(shallow.cells(records)[2].reference, true)
end)

test("study: a table says what its means are of, and of a reference only where there is one", function()
  local with, without = declare().table, declare { reference = false, metric = "train.loss",
    threshold = 0.5 }.table
  same(with.columns[3][1], "Mean training accuracy")
  same(with.caption, "Means over seeds; differences to the reference are paired by seed.")
  same({ without.columns[3][1], without.caption }, { "Mean training loss", "Means over seeds." })
end)

test("study: losses of a column have the same decimals, while that is short", function()
  local function run(rate, seed, loss)
    return { status = "ended", train = { loss = loss }, spec = { seed = seed, rate = rate } }
  end
  local study = declare { metric = "train.loss", over = { "rate" }, reference = { rate = 1 }, threshold = 0.5 }
  local rows = study.table.rows { run(1, 1, 0.0205), run(1, 2, 0.0195), run(2, 1, 0.0038), run(2, 2, 0.0032),
    run(3, 1, 1.5), run(3, 2, 0.5), run(4, 1, 0), run(4, 2, 0) }
  same({ rows[1][3], rows[2][3], rows[3][3], rows[4][3] }, { "0.020000", "0.003500", "1.000000", "0" })
  same({ rows[2][6], rows[3][6], rows[4][6] }, { "−0.016500", "+0.980000", "−0.020000" })
end)

test("study: digits follow the metric and the size; a zero is 0", function()
  local function run(rate, seed, loss)
    return { status = "ended", train = { loss = loss }, spec = { seed = seed, rate = rate } }
  end
  local study = declare { metric = "train.loss", over = { "rate" }, reference = { rate = 1 },
    threshold = 0.5 }
  local rows = study.table.rows { run(1, 1, 0.004), run(1, 2, 0.003), run(2, 1, 0.0038),
    run(2, 2, 0.0029), run(3, 1, 0.004), run(3, 2, 0.003), run(4, 1, 1e30), run(4, 2, 2e30) }
  same(rows[1][3], "0.003500")
  same(rows[2][6], "−0.000150")
  same({ rows[3][6], rows[3][7] }, { "0", "0 to 0" })
  same(rows[4][3], "1.500e+30")
end)

test("study: every key has a type", function()
  for key, value in pairs { percent = "false", title = 5, caption = {}, over = "rate", labels = 1,
    metric = 5, threshold = "0.9", records = {}, picture = 5, reference = 3, name = {} } do
    check.fails(key .. " is a " .. type(value) .. "; it is", declare, { [key] = value })
  end
  check.fails("picture is true; it is a string or a function or false", declare, { picture = true })
end)

test("study: mistakes", function()
  check.fails("it has no over", require("study.study").declare, lab, { name = "s", title = "S",
    caption = "C" })
  check.fails("no run has policy.history = 7, as its reference does; there are 1, 2, 3", declare { reference =
    { ["policy.history"] = 7 } }.cells, records)
  check.fails("its reference has rate, which is not varied", declare, { reference = { rate = 1 } })
  check.fails("picture = 'pie'", declare, { picture = "pie" })
end)

test("sweep: the real engine pairs runs by seed", function()
  local specs = sweep.expand { task = "boundary", method = "synaptic", iterations = 3, points = 40,
    curve_every = 1, policy = { name = "explore", epsilon = { 0, 1 }, inner = { name = "qtable",
      history = { 0, 2 } } }, rate = { 0.001, 0.1 }, seeds = 2 }
  local first = {}
  for _, r in ipairs(require("synlab").run(specs, { title = "pairs" })) do
    local loss = r.curve.loss[1] -- before the first step
    first[r.spec.seed] = first[r.spec.seed] or loss
    same(loss, first[r.spec.seed])
  end
  if first[1] == first[2] then error "two seeds have the same start" end
end)

test("study: the same seed twice in a cell is a mistake, not a mean over two things", function()
  local other = record(2, 1, 0.8)
  other.spec.policy.inner.sees = "actions"
  check.fails("two runs of seed 1 in the cell 2; `over` leaves out what differs: policy.sees",
    declare().cells, { record(2, 1, 0.9), other })
  check.fails("they are the same run", declare().cells, { record(2, 1, 0.9), record(2, 1, 0.9) })
end)

test("study: runs that did not end as planned are counted", function()
  local row = declare().table.rows { record(2, 1, 0.9), record(2, 2, 0.5, "aborted"),
    record(2, 3, nil, "failed") }[1]
  same(row[2], "2 of 3 (1 aborted, 1 failed)")
  same(row[5], "33 % (6 to 79)") -- 1 of 3: Wilson 0.0615 to 0.7923 (R: prop.test, no correction)
end)

test("study: labels, and values of one's own", function()
  local own = declare { labels = { ["policy.history"] = "n" }, reference = false, over = {
    "policy.history", { name = "odd", of = function(r) return r.spec.seed % 2 == 1 end } } }
  same(own.table.columns[1], "n")
  same(own.table.csv(records).columns[2], "odd")
  same(own.cells({ record(1, 1, 0.5), record(1, 2, 0.7) })[2].label, "1, false")
  check.fails("item 1 of over is no option's name", declare, { over = { 5 }, reference = false })
end)

test("study: lines of a second option, and wide numbers by their logarithms", function()
  local function run(rate, update, seed)
    return { status = "ended", train = { accuracy = 0.9 }, spec = { rate = rate, update = update,
      seed = seed } }
  end
  local runs = {}
  for _, rate in ipairs { 0.1, 0.001, 0.01 } do
    for _, update in ipairs { "a", "b" } do runs[#runs + 1] = run(rate, update, 1) end
  end
  local two = declare { over = { "rate", "update" }, reference = false, picture = "line" }
  local panel = two.figure.panels(runs)[1]
  local titles = {}
  for i, series in ipairs(panel.series) do titles[i] = series.title or "" end
  same(titles, { "update = a", "", "update = b", "", "1 seed, no 95 % interval" })
  same({ panel.series[5].style, #panel.series[5].x }, { "guide", 0 })
  same(panel.xticks[1], { math.log(0.001, 10), "0.001" })
  check.fails("a line is drawn over numbers", declare { over = { "update", "rate" },
    reference = false, picture = "line" }.figure.panels, runs)
  same(declare { over = { "rate", "update" }, reference = false, picture = false }.figure(runs), false)
end)

test("study: a line for each value names its option, and so does the reference", function()
  local runs = {}
  for rate = 1, 3 do
    for _, update in ipairs { "a", "b" } do
      for seed = 1, update == "a" and 1 or 2 do
        runs[#runs + 1] = { status = "ended", train = { accuracy = 0.9 + seed / 100 },
          spec = { rate = rate, update = update, seed = seed } }
      end
    end
  end
  local panel = declare { over = { "rate", "update" }, reference = { rate = 2, update = "b" },
    labels = { rate = "α_s" }, picture = "line" }.figure.panels(runs)[1]
  local named = {}
  for _, series in ipairs(panel.series) do named[#named + 1] = series.title end
  same(named, { "update = a", "update = b", "1 seed, no 95 % interval",
    "mean over seeds, 95 % interval" })
  same(panel.lines[1].title, "reference: α_s = 2, update = b")
end)

test("study: a zip over two options is no heat map", function()
  local runs = {}
  for i = 1, 4 do
    runs[i] = { status = "ended", train = { accuracy = 0.9 }, spec = { rate = i, points = i,
      seed = 1 } }
  end
  same(declare { over = { "rate", "points" }, reference = false }.figure.panels(runs)[1].kind,
    "curves")
end)

test("study: a parameter left out is the one that stands at its default", function()
  local function specs(params)
    params.name = "qtable"
    return { { task = "boundary", method = "synaptic", iterations = 2, points = 10, policy = params } }
  end
  local run = require("synlab").run
  local said = run(specs { history = 2 }, { title = "defaults" })[1]
  local left_out = run(specs {}, { title = "defaults" })[1]
  same(left_out.key, said.key)
  same(left_out.spec.policy, said.spec.policy)
  same({ left_out.spec.policy.history, left_out.spec.policy.discount }, { 2, 0.9 })
end)

test("sweep: policy.name is the innermost policy's", function()
  same(sweep.value(records[1].spec, "policy.name"), "qtable")
end)

test("study: a part that there is none of is told with the nearest name", function()
  check.fails("has no 'tabel'; did you mean 'table'?", function() return declare().tabel end)
  check.fails("it has figure, table, words", function() return declare().colour end)
end)

test("study: a reference of which every run failed leaves everything but the differences", function()
  local runs = { record(1, 1, 0.80), record(1, 2, 0.90), record(2, 1, nil, "failed"),
    record(2, 2, nil, "failed"), record(3, 1, 0.7), record(3, 2, 0.8) }
  for _, picture in ipairs { "line", "points" } do
    local panel = declare { picture = picture }.figure.panels(runs)[1]
    same(panel.lines, nil)
    require("pictures.plot").script({ name = "x", panels = { panel } }, 1)
  end
  same(declare { picture = "forest" }.figure.panels(runs), nil)
  same(declare().table.rows(runs)[1][6], "–")
  check.contains(declare().words(runs), "The reference, history 2, has no measurement")
end)

local check, lab = require "check", require "experiment"
local test, same = check.test, check.same

local function declaration(changes)
  local d = { id = "x", title = "X", runs = { { seed = 1 } }, "Prose." }
  for key, value in pairs(changes or {}) do d[key] = value end
  return d
end

test("lab.declare: a bad declaration is one line that says what", function()
  lab.declare(declaration())
  check.fails("chapter 'x': nothing is named 'tilte'; did you mean 'title'?",
    lab.declare, declaration { tilte = "Y" })
  check.fails("chapter: it has no id", lab.declare, { title = "X", runs = {} })
  check.fails("chapter 'x': it has no runs", lab.declare, { id = "x", title = "X" })
  check.fails("chapter 'x': item 2 is a number", lab.declare, declaration { [2] = 5 })
  check.fails("chapter 'x': runs is no list of runs", function()
    lab.declare(declaration { runs = {} }):specs()
  end)
end)

test("lab.figure and lab.table know their keys", function()
  check.fails("figure 'a': nothing is named 'panel'; did you mean 'panels'?",
    lab.figure, { name = "a", title = "A", caption = "", panel = {} })
  check.fails("table 'a': it has no caption", lab.table, { name = "a", title = "A" })
end)

test("epsilon wraps the policy", function()
  local chapter = lab.declare(declaration {
    runs = lab.sweep { lab.synaptic { policy = lab.qtable { history = 2 } },
      epsilon = { 0.1, 0.2 } } })
  same(chapter:specs(), {
    { method = "synaptic", policy = { name = "explore", epsilon = 0.1,
      inner = { name = "qtable", history = 2 } } },
    { method = "synaptic", policy = { name = "explore", epsilon = 0.2,
      inner = { name = "qtable", history = 2 } } } })
end)

test("lab.values leaves out what was not measured", function()
  local records = { { status = "ended", train = { accuracy = 0.9 } }, { status = "failed" },
    { status = "diverged", train = { accuracy = 0 / 0 } } }
  same(lab.values(records, "train.accuracy"), { 0.9 })
  same(#lab.measured(records), 2)
end)

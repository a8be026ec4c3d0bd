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
  check.fails("chapter 'x': runs is a list, and its 'more' has a name", function()
    lab.declare(declaration { runs = { { seed = 1 }, more = { { seed = 2 } } } }):specs()
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

test("words of sets and policies: nothing that they are given is dropped", function()
  check.fails("lab.synaptic: method = 'descent' is lab.descent; take that", lab.synaptic,
    { policy = lab.random {}, method = "descent" })
  check.fails("lab.descent: method = 'synaptic' is lab.synaptic; take that", lab.descent,
    { method = "synaptic" })
  check.fails("lab.synaptic: method is given, and lab.synaptic says it itself", lab.synaptic,
    { method = { "descent", "synaptic" } })
  check.fails("lab.synaptic: method = 'descent' is lab.descent", lab.synaptic,
    { lab.set { lab.descent { rate = 1 } } })
  same(lab.sweep { lab.synaptic { method = "synaptic" } }, { { method = "synaptic" } })
  check.fails("lab.synaptic takes a table of options, not nil", lab.synaptic)
  check.fails("lab.set takes a table of options, not a text", lab.set, "rate")
  check.fails("lab.qtable: name is what lab.qtable says itself", lab.qtable, { name = "random" })
  check.fails("lab.qtable: item 1 has no name", lab.qtable, { 0.5 })
  check.fails("lab.qtable takes a table of parameters, not a number", lab.qtable, 2)
  local rule = "policies/rules/win_stay.lua"
  for _, word in ipairs { "name", "file", "text" } do
    check.fails(("lab.rule: %s is no parameter of a rule"):format(word), lab.rule, rule,
      { [word] = "other" })
  end
  check.fails("lab.reward: file is no parameter of a reward", lab.reward,
    "policies/rewards/paper.lua", { file = "x" })
  check.fails("lab.rule: item 1 has no name", lab.rule, rule, { 0.5 })
  check.fails("lab.rule takes a table of parameters, not a number", lab.rule, rule, 0.5)
  check.fails("lab.rule: policy.keep is an empty list", lab.rule, rule, { keep = {} })
  check.fails("lab.rule: policy.keep is a list, and its 'b' has a name", lab.rule, rule,
    { keep = { 1, b = 2 } })
end)

test("words of sets and policies: a table that is given is left as it was", function()
  local options, params = { rate = 1 }, { history = 1 }
  same({ lab.synaptic(options), lab.descent(options) },
    { { rate = 1, method = "synaptic" }, { rate = 1, method = "descent" } })
  same({ lab.qtable(params), lab.explore(params) },
    { { history = 1, name = "qtable" }, { history = 1, name = "explore" } })
  same({ options, params }, { { rate = 1 }, { history = 1 } })
end)

test("a byte of value 0 ends no text", function()
  local host, rule = require "synlab", "policies/rules/win_stay.lua"
  local goes_on = "goes on behind a byte of value 0"
  for name, arguments in pairs { data = { "letters\0x" }, read = { "a\0b" }, say = { "a\0b" },
    write = { "a.txt\0b", "text" }, rule = { rule .. "\0" }, reward = { "a\0b" },
    missing = { "a\0b" }, nearest = { "a\0b", {} }, written = { "a\0b" }, manifest = { "a\0b", {} },
    queue = { "a\0b" }, kept = { {}, "a\0b" }, try = { {}, "a\0b" }, specs = { {}, "a\0b" }, plan = { {}, "a\0b" },
    run = { {}, { title = "a\0b" } } } do
    local ok, message = pcall(host[name], table.unpack(arguments))
    if ok or not tostring(message):find(goes_on, 1, true) then
      error(("synlab.%s: %s"):format(name, message))
    end
  end
  check.fails(goes_on, host.nearest, "a", { "b", "a\0" })
  check.fails(goes_on, host.rule, rule, { ["keep\0"] = 1 })
  check.fails(goes_on, host.specs, { { ["seed\0"] = 1, task = "boundary" } }, "x")
  check.fails(goes_on, host.specs, { { data = "letters\0", task = "boundary" } }, "x")
end)

test("lab.values leaves out what was not measured", function()
  local records = { { status = "ended", train = { accuracy = 0.9 } }, { status = "failed" },
    { status = "diverged", train = { accuracy = 0 / 0 } } }
  same(lab.values(records, "train.accuracy"), { 0.9 })
  same(#lab.measured(records), 2)
end)

local check = require "check"
local test, same = check.test, check.same

--- The module asks the host for the profile only when it makes runs.
local ablation = require "setups.ablation"

local function cell(label, mean, changes)
  local c = { label = label, mean = mean, numbers = { mean }, records = {
    { policies = { average = label .. " table" } } } }
  for key, value in pairs(changes or {}) do c[key] = value end
  return c
end

local function places(cells)
  local list = {}
  for i, item in ipairs(ablation.chosen(cells)) do list[i] = item.cell.label .. " " .. item.place end
  return list
end

test("ablation: the best three, the reference, the worst three, from the highest mean", function()
  same(places { cell("a", 0.5), cell("b", 0.9), cell("c", 0.8), cell("d", 0.7, { reference = true }),
    cell("e", 0.6), cell("f", 0.95), cell("g", 0.4), cell("h", 0.65) },
    { "f best", "b best", "c best", "d reference", "e worst", "a worst", "g worst" })
end)

test("ablation: the place of the reference, and who shares it", function()
  local mine = cell("2", 0.8, { reference = true })
  same(ablation.place { cell("0", 0.7), mine, cell("3", 0.9) }, "place 2 of 3")
  same(ablation.place { cell("0", 0.8), mine, cell("3", 0.9), cell("4", 0.1 + 0.7) },
    "place 2 of 4, shared with 0 and 4")
  same(ablation.place { cell("0", 0.8) }, nil)
end)

test("ablation: few cells are chosen once each, equals in their order", function()
  same(places { cell("a", 0.5), cell("b", 0.5), cell("c", 0.5), cell("d", 0.5) },
    { "a best", "b best", "c best", "d worst" })
end)

test("ablation: a cell with a failed run or without an averaged table has no place", function()
  same(places { cell("a", 0.9, { records = { { policies = { average = "t" } }, {} },
    numbers = { 0.9 } }), cell("b", 0.8, { records = { { policies = { final = "f" } } } }),
    cell("c", 0.1), { label = "d", numbers = {}, records = { {} } } }, { "c best" })
end)

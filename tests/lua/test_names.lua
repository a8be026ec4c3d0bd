local check, names = require "check", require "text.names"
local test, same = check.test, check.same

test("names.nearest finds a misspelt name", function()
  same(names.nearest("epsilom", { "rate", "epsilon", "seed" }), "epsilon")
  same(names.nearest("tile", { "id", "runs", "title" }), "title")
  same(names.nearest("sead", { "seed", "rate" }), "seed")
  same(names.nearest("validat_evry", { "curve_every", "validate_every" }), "validate_every")
end)

test("names.nearest has no answer for something else", function()
  same(names.nearest("colour", { "rate", "seed" }), nil)
  same(names.nearest("x", {}), nil)
end)

test("names.check names the key and the nearest, in one line", function()
  local known = { title = true, runs = true }
  names.check({ title = 1, "an item" }, known, "chapter 'x'")
  check.fails("chapter 'x': nothing is named 'tilte'; did you mean 'title'?",
    names.check, { tilte = 1 }, known, "chapter 'x'")
  check.fails("there are runs, title", names.check, { abcdefgh = 1 }, known, "chapter 'x'")
end)

local check, measure = require "check", require "pictures.measure"
local test, same = check.test, check.same

test("measure.width: no letter of the font is wider than it is taken for, and few by much", function()
  local wider, letters, taken, all = {}, 0, 0, 0
  for code, width in pairs(require("font").widths()) do
    local said = measure.width(utf8.char(code), 1)
    if said < width then wider[#wider + 1] = ("U+%04X"):format(code) end
    if code >= 0x20 and code < 0x17f then
      letters, taken, all = letters + 1, taken + said, all + width
    end
  end
  if letters < 300 then error("only " .. letters .. " Latin letters were looked at") end
  if taken > 1.06 * all then error("Latin letters are taken for " .. taken / all .. " of what they are") end
  -- ligatures, arrows of double length, letters of Canadian syllabics, and the like
  if #wider > 40 then error(#wider .. " are wider: " .. table.concat(wider, " ", 1, 40)) end
end)

test("measure.cut leaves what fits, and else a beginning and an end", function()
  same(measure.cut("short", 100, 13), "short")
  local long = "policies/rules/a-rule-with-a-long-name, fade = 0.95"
  local cut = measure.cut(long, 150, 13)
  if measure.width(cut, 13) > 150 then error(cut) end
  same({ cut:match "^policies", cut:match "0%.95$" }, { "policies", "0.95" })
  check.contains(cut, "…")
  same(measure.cut(("ë"):rep(16), 60, 13):gsub("ë", ""), "…")
  same(measure.cut("anything", 5, 13), "…")
end)

test("measure.cut parts no mark from its letter", function()
  local cut = measure.cut(("e\u{301}"):rep(40), 60, 13)
  same(cut:match "^(e.-)…" ~= nil and cut:match "…(e)" ~= nil, true)
end)

test("measure.wrap: lines that fit, as many as are wanted at most", function()
  same(measure.wrap("a title of some words", 1000, 13, 2), { "a title of some words" })
  same(measure.wrap("a title of some words", 90, 13, 9), { "a title of", "some words" })
  local lines = measure.wrap("a title of some more words than there is room for", 90, 13, 2)
  same({ #lines, lines[1], lines[2]:find "…" ~= nil }, { 2, "a title of", true })
  same(measure.wrap("", 80, 13, 2), {})
end)

test("measure.clean: what no drawing can hold goes", function()
  same(measure.clean " a\nb\u{9b}c\xff\xfed\u{ffff}ë", "a b c\u{fffd}\u{fffd}d\u{fffd}ë")
  same(measure.clean(12), "12")
end)

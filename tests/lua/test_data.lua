local check, format = require "check", require "text.format"
local data = require "pages.data"
local test, same = check.test, check.same

test("format.exact: the shortest text that is read back as the same bits", function()
  same(format.exact(0.1), "0.1")
  same(format.exact(200000.0), "200000")
  same(format.exact(math.maxinteger), "9223372036854775807")
  for _, x in ipairs { 1 / 3, 2 ^ 0.5, 1e300 / 7, 0.1 + 0.2, -5e-324 } do
    same(tonumber(format.exact(x)), x)
  end
end)

test("data.thinned: the first, the last, and evenly between; all where there is room", function()
  same(data.thinned(3, 16), { 1, 2, 3 })
  same(data.thinned(0, 16), {})
  for _, n in ipairs { 17, 100, 501 } do
    local kept = data.thinned(n, 16)
    same(#kept, 16)
    same(kept[1], 1)
    same(kept[16], n)
    local least, most = n, 0
    for k = 2, 16 do
      least, most = math.min(least, kept[k] - kept[k - 1]), math.max(most, kept[k] - kept[k - 1])
    end
    same(least > 0 and most - least <= 1, true)
  end
end)

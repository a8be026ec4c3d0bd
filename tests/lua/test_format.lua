local check, format = require "check", require "format"
local test, same = check.test, check.same

test("format: what is absent is a dash", function()
  for _, name in ipairs { "fixed", "percent", "count", "signed", "duration" } do
    same(format[name](nil, 1), "–")
    same(format[name](0 / 0, 1), "–")
  end
end)

test("format: numbers", function()
  same(format.fixed(-0.5, 2), "−0.50")
  same(format.percent(0.8828, 2), "88.28 %")
  same(format.percent(1), "100.0 %")
  same(format.count(999), "999")
  same(format.count(1000), "1,000")
  same(format.count(1234567), "1,234,567")
  same(format.count(-25450), "−25,450")
  same(format.signed(1.857, 2), "+1.86")
  same(format.signed(-1.11, 2), "−1.11")
end)

test("format: no minus before a zero, and a small difference keeps a digit", function()
  same(format.fixed(-0.001, 2), "0.00")
  same(format.signed(0, 2), "0")
  same(format.signed(-0.001, 2), "−0.001")
  same(format.signed(-1 / 0, 2), "−inf")
end)

test("format.sized: as many decimals as show so many digits", function()
  same(format.sized(0.00040231, 4), "0.0004023")
  same(format.sized(0.25, 4), "0.2500")
  same(format.sized(1234.6, 4), "1235")
  same(format.sized(99999.7, 4), "100000")
  same(format.sized(785, 4), "785")
  same(format.sized(-1.5e30, 4), "−1.500e+30")
  same(format.sized(nil, 4), "–")
end)

test("format.duration", function()
  same(format.duration(0.44), "0.4 s")
  same(format.duration(34.4), "34 s")
  same(format.duration(59.7), "1 min")
  same(format.duration(200), "3 min 20 s")
  same(format.duration(5.5 * 3600), "5 h 30 min")
  same(format.duration(7200), "2 h")
end)

test("format.ranges", function()
  same(format.ranges { 3, 1, 2, 7 }, "1 to 3, 7")
  same(format.ranges { 1, 2 }, "1, 2")
  same(format.ranges { 5, 5, 5 }, "5")
  same(format.ranges {}, "")
end)

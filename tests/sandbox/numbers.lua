-- expect: ok
-- exp, log and tanh are floats of numeric/vec.h, within 1.5 units in the last place.
local function near(x, y) assert(math.abs(x - y) <= 3e-7 * math.abs(y), x .. " is not " .. y) end
near(math.exp(1), 2.718281828)
near(math.exp(-3.5), 0.030197383)
near(math.log(10), 2.302585093)
near(math.log(1e-40), -92.10340372)
near(math.tanh(0.5), 0.4621171573)
assert(math.log(0) == -math.huge and math.log(math.huge) == math.huge)
assert(math.log(-1) ~= math.log(-1) and math.exp(-1000) == 0 and math.exp(1000) == math.huge)
assert(math.sqrt(2) == 1.4142135623730951 and 7 // 2 == 3 and -7 % 3 == 2)

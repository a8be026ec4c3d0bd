local check, variants = require "check", require "setups.variants"
local test, same, near = check.test, check.same, check.near

local function records(values, first)
  local list = {}
  for i, value in ipairs(values) do
    list[i] = { spec = { seed = (first or 1) + i - 1 }, status = value and "ended" or "failed",
      train = value and { accuracy = value } }
  end
  return list
end

local function compared(values, first)
  return variants.new { reference = records { 0.80, 0.90, 0.70, 0.60 }, path = "train.accuracy",
    { label = "v", records = records(values, first) } }
end

test("variants: paired by seed, with fewer seeds than the reference or none in common", function()
  local pair = compared({ 0.95, 0.80 }, 2)[1].pair
  near(pair.mean, 0.075) -- 0.95 - 0.90 and 0.80 - 0.70
  same(pair.n, 2)
  same(compared({ 0.9, 0.9 }, 5)[1].pair, nil)
end)

test("variants: a failed run has no pair, in the variant or in the reference", function()
  near(compared({ 0.9, false, 0.8, 0.8 })[1].pair.mean, (0.1 + 0.1 + 0.2) / 3)
  local set = variants.new { reference = records { false, 0.9, 0.7 }, path = "train.accuracy",
    { label = "v", records = records { 0.5, 0.8, 0.7 } } }
  near(set[1].pair.mean, -0.05)
end)

test("variants: in a sentence", function()
  local below = compared { 0.7, 0.8, 0.601, 0.5 }
  same(variants.sentence(below), "Of 1 interval, 1 excludes 0 (by chance alone about one in twenty "
    .. "would): `v` below the reference.")
  same(variants.sentence(compared { 0.8 }), "There are too few runs for intervals.")
  same(variants.words(compared { 0.8 }), "There are too few runs for intervals.")
  -- differences -0.1, -0.1, -0.099, -0.1: se 0.00025; R: qt(.975, 3) + qt(.8, 3) = 4.1609
  check.contains(variants.words(below), "these seeds find a difference of about 0.10 points in four cases of five.")
  check.contains(variants.words(compared { 0.7, 2, -1, 0 }), "not even a difference of 100 points")
end)

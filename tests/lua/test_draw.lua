local check, lab = require "check", require "experiment"
local test, same = check.test, check.same

test("draw: settings of a space, each once, in the order of a seed", function()
  local space = { a = { 1, 2, 3, 4, 5 }, b = { 0.1, 0.2, 0.3, 0.4 } }
  local list, seen = lab.draw(space, 20, 7), {}
  same(#list, 20)
  for _, s in ipairs(list) do
    local word = s.a .. " " .. s.b
    if seen[word] then error(word .. " twice") end
    seen[word] = true
  end
  same(lab.draw(space, 3, 7), lab.draw(space, 3, 7))
  same(lab.draw(space, 19, 7)[3], lab.draw(space, 3, 7)[3]) -- more settings begin with the same ones
  if lab.draw(space, 3, 7)[1].a == lab.draw(space, 3, 8)[1].a
    and lab.draw(space, 3, 7)[1].b == lab.draw(space, 3, 8)[1].b
    and lab.draw(space, 3, 7)[2].a == lab.draw(space, 3, 8)[2].a then error "a seed changes nothing" end
  -- Lehmer's generator: 48271 * 8 = 386168, the 8th of 20 settings from 0: a goes fastest
  same(lab.draw(space, 1, 7)[1], { a = 4, b = 0.2 })
  same(#lab.draw(space, 50), 20) -- no more than there are
  local large = {} -- of more settings than one number can tell apart: every value is drawn
  for i = 1, 40 do large["n" .. i] = { 1, 2, 3, 4 } end
  local counts = { 0, 0, 0, 0 }
  for _, s in ipairs(lab.draw(large, 400, 1)) do counts[s.n40] = counts[s.n40] + 1 end
  for value, count in ipairs(counts) do
    if count < 60 or count > 140 then error(("%d is drawn %d times of 400"):format(value, count)) end
  end
  check.fails("a of the space has 0.1 twice", lab.draw, { a = { 0.1, 0.2, 0.1 } }, 1)
  check.fails("values are numbers, words, true or false", lab.draw, { a = { 0 / 0 } }, 1)
  check.fails("b of the space is no list of values", lab.draw, { a = { 1 }, b = {} }, 1)
  check.fails("a space is a table of lists", lab.draw, {}, 1)
  check.fails("n = 0; how many settings", lab.draw, space, 0)
  check.fails("seed = 0.5; a whole number", lab.draw, space, 1, 0.5)
end)

test("the search: the same settings for all methods, and a score of early and late", function()
  local methods, race = require "discovery.methods", require "discovery.race"
  for _, method in ipairs(methods.list) do
    local all = 1
    for _, values in pairs(method.space) do all = all * #values end
    same(#race.settings(method, 18), math.min(18, all))
    for _, setting in ipairs(race.settings(method, 18)) do
      if setting.epsilon == nil then same(methods.options(method, setting, 1e-4,
        { policy = { csv = "x" } }).rate, 1e-4 * setting.rate) end
    end
  end
  check.fails("no method is called 'spas'", methods.get, "spas")
  same(methods.words { b = 0.5, a = 20 }, "a = 20, b = 0.5")
end)

test("the search: what it found has a value for all that was searched, and for nothing else", function()
  local found, methods = require "discovery.found", require "discovery.methods"
  methods.get(found.best) -- is one of them
  for _, method in ipairs(methods.list) do
    local n = 0
    for name, value in pairs(found[method.key]) do
      n = n + 1
      if not method.space[name] or value < 0 then error(("%s: %s = %s"):format(method.key, name, value), 0) end
    end
    for _ in pairs(method.space) do n = n - 1 end
    same(n, 0)
  end
end)

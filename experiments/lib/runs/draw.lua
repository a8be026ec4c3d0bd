--- Settings drawn from a space of them, { name = { value, ... }, ... }, for a search.
local draw = {}

local names = require "text.names"

local function wrong(form, ...)
  error("lab.draw: " .. form:format(...), 0)
end

local function check_values(name, values)
  local seen = {}
  for _, value in ipairs(values) do
    local kind = type(value)
    if kind ~= "number" and kind ~= "string" and kind ~= "boolean" or value ~= value then
      wrong("%s of the space has %s; values are numbers, words, true or false", name, tostring(value))
    end
    if seen[value] then wrong("%s of the space has %s twice", name, tostring(value)) end
    seen[value] = true
  end
end

local function check(space, n, seed)
  if type(space) ~= "table" or next(space) == nil then
    wrong "a space is a table of lists: { gain = { 0.1, 0.2 }, keep = { 0.9, 0.99 } }"
  end
  for name, values in pairs(space) do
    if type(name) ~= "string" or type(values) ~= "table" or #values == 0 then
      wrong("%s of the space is no list of values", tostring(name))
    end
    names.check_list("lab.draw: " .. name, values)
    check_values(name, values)
  end
  if math.type(n) ~= "integer" or n < 1 then wrong("n = %s; how many settings, 1 or more", tostring(n)) end
  if seed ~= nil and (math.type(seed) ~= "integer" or seed < 0) then
    wrong("seed = %s; a whole number, 0 or more", tostring(seed))
  end
end

--- Lehmer's generator (Park and Miller 1988), so that an order is the same everywhere.
local function generator(seed)
  local x = seed % 2147483646 + 1
  return function()
    x = x * 48271 % 2147483647
    return x
  end
end

--- Places of the values of a setting, a name at a time: those of the number `index`, from 0, of all.
local function places_at(space, order, index)
  local places = {}
  for i, name in ipairs(order) do
    places[i] = index % #space[name] + 1
    index = index // #space[name]
  end
  return places
end

--- Of a space too large for one number, a number for each name.
local function places_by(space, order, step)
  local places = {}
  for i, name in ipairs(order) do places[i] = step() % #space[name] + 1 end
  return places
end

local ONE_NUMBER = 2 ^ 20 -- settings that one number of the generator tells apart evenly

--- The first n of a random order of the settings, by a seed (1): a list of { name = value, ... }, each once;
--- all of them where there are no more.
function draw.settings(space, n, seed)
  check(space, n, seed)
  local order, all = {}, 1.0
  for name, values in pairs(space) do order[#order + 1], all = name, all * #values end
  table.sort(order)
  local step, list, seen = generator(seed or 1), {}, {}
  while #list < math.min(n, all) do
    local places = all <= n and places_at(space, order, #list)
      or all <= ONE_NUMBER and places_at(space, order, step() % math.tointeger(all))
      or places_by(space, order, step)
    local key = table.concat(places, " ")
    if not seen[key] then
      seen[key], list[#list + 1] = true, {}
      for i, name in ipairs(order) do list[#list][name] = space[name][places[i]] end
    end
  end
  return list
end

return draw

--- Settings drawn from a space of them, { name = { value, ... }, ... }, for a search.
local draw = {}

local names = require "text.names"

--- Setting `index`, from 0, of all that a space has.
local function setting_at(space, order, index)
  local setting = {}
  for _, name in ipairs(order) do
    local values = space[name]
    setting[name] = values[index % #values + 1]
    index = index // #values
  end
  return setting
end

local function wrong(form, ...)
  error("lab.draw: " .. form:format(...), 0)
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
  end
  if math.type(n) ~= "integer" or n < 1 then wrong("n = %s; how many settings, 1 or more", tostring(n)) end
  if seed ~= nil and (math.type(seed) ~= "integer" or seed < 0) then
    wrong("seed = %s; a whole number, 0 or more", tostring(seed))
  end
end

--- The first n of a random order of the settings, by a seed (1): a list of { name = value, ... }, each once;
--- all of them where there are no more. Numbers are those of Lehmer's generator (Park and Miller 1988), so
--- that the order is the same everywhere.
function draw.settings(space, n, seed)
  check(space, n, seed)
  local order, all = {}, 1
  for name, values in pairs(space) do order[#order + 1], all = name, all * #values end
  table.sort(order)
  local x, list, seen = (seed or 1) % 2147483646 + 1, {}, {}
  for index = 0, all - 1 do
    if all > n then
      repeat
        x = x * 48271 % 2147483647
        index = x % all
      until not seen[index]
    end
    seen[index] = true
    list[#list + 1] = setting_at(space, order, index)
    if #list == n then break end
  end
  return list
end

return draw

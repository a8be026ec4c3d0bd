--- Names that people type: the nearest known one when a name is unknown.
local names = {}

--- The one of a list of names that `name` may have meant, or nil if none is near. Of equals the first
--- in the list.
names.nearest = require("synlab").nearest

--- The string keys of a table in alphabetical order.
function names.keys(set)
  local list = {}
  for key in pairs(set) do
    if type(key) == "string" then list[#list + 1] = key end
  end
  table.sort(list)
  return list
end

--- Raises one line if `given` has a string key that is not in the set `known`.
function names.check(given, known, what)
  for _, key in ipairs(names.keys(given)) do
    if not known[key] then
      local near = names.nearest(key, names.keys(known))
      error(("%s: nothing is named '%s'; %s"):format(what, key,
        near and ("did you mean '%s'?"):format(near)
          or "there are " .. table.concat(names.keys(known), ", ")), 0)
    end
  end
end

--- Raises one line if `list` is more than a list: nothing of it may be passed over.
function names.check_list(what, list)
  local n = 0
  for _ in ipairs(list) do n = n + 1 end
  for key in pairs(list) do
    if math.type(key) ~= "integer" or key < 1 then
      error(("%s is a list, and its '%s' has a name"):format(what, tostring(key)), 0)
    elseif key > n then
      error(("%s has a nil before its item %d"):format(what, key), 0)
    end
  end
end

--- Raises one line if `given` is no table, or has anything without a name. Returns a copy.
function names.copy_named(what, given, of)
  if type(given) ~= "table" then
    error(("%s takes a table of %s, not %s"):format(what, of, names.kind(given)), 0)
  end
  local copy = {}
  for key, value in pairs(given) do
    if type(key) ~= "string" then
      error(("%s: item %s has no name"):format(what, tostring(key)), 0)
    end
    copy[key] = value
  end
  return copy
end

--- A kind of value in words.
function names.kind(value)
  return value == nil and "nil" or type(value) == "string" and "a text" or "a " .. type(value)
end

return names

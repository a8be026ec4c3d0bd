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

return names

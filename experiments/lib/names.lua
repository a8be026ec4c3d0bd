--- Names that people type: the nearest known one when a name is unknown.
local names = {}

--- Edit distance: insertions, deletions, substitutions and swaps of neighbours, each of cost 1.
local function distance(a, b)
  local d = {}
  for i = 0, #a do
    d[i] = { [0] = i }
    for j = 1, #b do
      if i == 0 then
        d[i][j] = j
      else
        local same = a:byte(i) == b:byte(j)
        local least = math.min(d[i - 1][j], d[i][j - 1], d[i - 1][j - 1] - (same and 1 or 0)) + 1
        if i > 1 and j > 1 and a:byte(i) == b:byte(j - 1) and a:byte(i - 1) == b:byte(j) then
          least = math.min(least, d[i - 2][j - 2] + 1)
        end
        d[i][j] = least
      end
    end
  end
  return d[#a][#b]
end

--- The one of a list of names that `name` may have meant, or nil if none is near: at most a third
--- of its letters wrong. Of equals the first in the list.
function names.nearest(name, list)
  local best, least
  for _, candidate in ipairs(list) do
    local d = distance(name, candidate)
    if not least or d < least then best, least = candidate, d end
  end
  local allowed = best and math.max(1, math.max(#name, #best) // 3)
  return best and least <= allowed and best or nil
end

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

--- The keys of a declaration: one check of which there are, which must be given, and of what type each
--- is.
---
---   fields.check(given, { title = { "string", must = true }, labels = { "table", of = { "string" } },
---     picture = { "string", "function", false } }, "study 'x'")
---
--- A key has a list of types, in which `false` stands for that value. `must`: it has to be given.
--- `of`: the types of what is in the table.
local fields = {}

local names = require "text.names"

local function wrong(where, form, ...)
  error(where .. ": " .. form:format(...), 0)
end

local function wanted(types)
  local words = {}
  for i, name in ipairs(types) do
    words[i] = name == "boolean" and "true or false" or name and "a " .. name or "false"
  end
  return table.concat(words, " or ")
end

--- `value` is of one of the types; `what` it is, for the message.
function fields.of_type(value, types, where, what)
  for _, name in ipairs(types) do
    if value == name or name and type(value) == name and value == value then return end
  end
  wrong(where, "%s is %s; it is %s", what, value ~= value and "not a number"
    or type(value) == "boolean" and tostring(value) or "a " .. type(value), wanted(types))
end

--- How messages on a declaration of this name begin.
function fields.place(kind, name)
  return type(name) == "string" and ("%s '%s'"):format(kind, name) or kind
end

--- Raises one line if `given` has a key that is not `known`, lacks one, or has one of another type.
function fields.check(given, known, where)
  names.check(given, known, where)
  for _, key in ipairs(names.keys(known)) do
    local types, value = known[key], given[key]
    if value ~= nil then
      fields.of_type(value, types, where, key)
    elseif types.must then
      wrong(where, "it has no %s", key)
    end
    for name, part in pairs(types.of and value or {}) do
      fields.of_type(part, types.of, where, ("%s, %s"):format(key, tostring(name)))
    end
  end
end

local none = {}
local guards = setmetatable({}, { __mode = "k" }) -- by the metatable of before, what it is, what is known

--- A metatable for all tables that have `old` (or none), are called `what` and have `known` keys. `old` is one
--- of the host's: it knows options that others have as well (`__others`), or parts that lie in the store
--- (`__stored`).
local function guard_of(old, what, known)
  local by_what = guards[old or none] or setmetatable({}, { __mode = "k" })
  guards[old or none] = by_what
  local list = by_what[known or none] or {}
  by_what[known or none] = list
  if list[what] then return list[what] end
  local others, stored = old and old.__others, old and old.__stored
  list[what] = { __guard = true, __others = others, __stored = stored, __pairs = old and old.__pairs,
    __index = function(t, key)
      local value
      if others then value = others[key] elseif stored then value = stored(t, key) end
      if value ~= nil then return value end
      local near = type(key) == "string" and names.nearest(key, known or names.keys(t))
      if near and near ~= key then
        error(("%s has no '%s'; did you mean '%s'?"):format(what, key, near), 2)
      end
    end }
  return list[what]
end

--- Makes a slip in a field of the table an error: a name that it has not got, but for which there is a
--- near one among `known` (by default its own keys). `what` begins the message. Other names stay nil.
function fields.guard(t, what, known)
  local old = type(t) == "table" and getmetatable(t)
  if type(t) ~= "table" or old and (old.__guard or not (old.__others or old.__stored)) then return t end
  return setmetatable(t, guard_of(old, what, known))
end

--- What a table has under a name, without an error where it has nothing.
function fields.raw(t, key)
  local value, meta = rawget(t, key), getmetatable(t)
  if value ~= nil or not meta then return value end
  if meta.__others then return meta.__others[key] end
  if meta.__stored then return meta.__stored(t, key) end
end

return fields

--- The claims of paper/claims.lua, by id and in order, and their published values as text.
local claims = {}

local format = require "text.format"
local names = require "text.names"

local here = debug.getinfo(1, "S").source:match("^@(.*)[/\\]") or "."
local by_id, ids, checkable = {}, {}, {}

local function add(claim)
  by_id[claim.id], ids[#ids + 1] = claim, claim.id
  if claim.judge then checkable[#checkable + 1] = claim end
end

--- A number of a row as a claim of its own: what the part does not say is the row's.
local function part(row, fields)
  local claim = { id = row.id .. "." .. fields[1], part = fields[1], row = row,
    published = row.published[fields[1]] }
  for key, value in pairs(row) do claim[key] = claim[key] or value end
  for key, value in pairs(fields) do
    if key ~= 1 then claim[key] = value end
  end
  claim.metric, claim.parts = row.metric .. ", " .. fields.metric, nil
  if claim.unit then claim.metric, claim.percent, claim.show = fields.metric, nil, nil end
  return claim
end

--- The second look at a claim, as a claim of its own: what it does not say is that of the first.
local function second_look(first)
  local claim = { id = first.id .. ".again", first = first.id, where = first.where .. ", asked again" }
  for key, value in pairs(first.again) do claim[key] = value end
  for key, value in pairs(first) do
    if claim[key] == nil and key ~= "again" then claim[key] = value end
  end
  return claim
end

for _, claim in ipairs(dofile(here .. "/../../../paper/claims.lua")) do
  add(claim)
  for _, fields in ipairs(claim.parts or {}) do add(part(claim, fields)) end
  if claim.again then add(second_look(claim)) end
end

--- The claim `id`; an unknown id is an error.
function claims.get(id)
  return by_id[id] or error(("paper/claims.lua has no claim '%s'; did you mean '%s'? (Claims of a "
    .. "chapter's own stand in own_claims.)")
    :format(tostring(id), names.nearest(tostring(id), ids) or ids[1]), 0)
end

function claims.has(id)
  return by_id[id] ~= nil
end

--- All that can be judged, in the paper's order: { id, where, metric, published, judge, ... }; a
--- number of a row has its name in `part` and the row in `row`; a second look, which follows the claim that it
--- asks again, has that one's id in `first`.
function claims.all()
  return checkable
end

--- How many claims a family has.
function claims.in_family(family)
  local n = 0
  for _, claim in ipairs(checkable) do n = n + (claim.family == family and 1 or 0) end
  return n
end

--- A value as the paper prints it; shares and chances as per cent.
function claims.show(claim, value)
  if not value then return "–" end
  if claim.unit then return format[claim.unit](value) end
  if not claim.show then return format.percent(value) end
  return (claim.show:format(claim.percent and 100 * value or value):gsub("^-", "−"))
end

--- A distance between two values: in percentage points where they are per cent.
function claims.distance(claim, value)
  if claim.unit then return claims.show(claim, value) end
  local digits = tonumber((claim.show or "%.1f"):match("%.(%d)f"))
  if claim.show and not claim.percent then return format.fixed(value, digits) end
  return format.fixed(100 * value, digits) .. " points"
end

--- What a claim is asked, in words: "±1.00 points", "at least 80 %".
function claims.margin(claim)
  return claim.delta and "±" .. claims.distance(claim, claim.delta)
    or claim.at_least and "at least " .. format.percent(claim.at_least, 0) or "–"
end

--- What a placeholder names: "figure1.accuracy", "table1.synaptic0.mean", or one of the texts, as
--- "figure1.convergence.quote" or ".threshold". nil if it names no claim.
function claims.text(path)
  local claim = by_id[path]
  if claim and type(claim.published) == "number" then return claims.show(claim, claim.published) end
  local id, field = path:match("^(.+)%.([%w_]+)$")
  claim = by_id[id]
  if not claim then return nil end
  if field == "quote" or field == "where" or field == "metric" then return claim[field] end
  if field == "threshold" then return ("%g %%"):format(100 * claim.threshold) end
  local value = type(claim.published) == "table" and claim.published[field]
  if not value then return nil end
  return field == "n" and ("%d"):format(value) or claims.show(claim, value)
end

return claims

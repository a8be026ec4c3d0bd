--- The published values of paper/claims.lua, by id, and as text for prose and tables.
local claims = {}

local names = require "names"

local here = debug.getinfo(1, "S").source:match("^@(.*)[/\\]") or "."
local by_id, ids = {}, {}
for _, claim in ipairs(dofile(here .. "/../../paper/claims.lua")) do
  by_id[claim.id], ids[#ids + 1] = claim, claim.id
end

--- The claim `id`; an unknown id is an error.
function claims.get(id)
  return by_id[id] or error(("paper/claims.lua has no claim '%s'; did you mean '%s'?")
    :format(id, names.nearest(id, ids) or ids[1]), 0)
end

--- A published value as the paper prints it.
function claims.show(claim, value)
  return (claim.show:format(claim.percent and 100 * value or value):gsub("^-", "−"))
end

--- What a placeholder names: "figure1.accuracy", "table1.synaptic0.mean", or one of the texts, as
--- "figure1.convergence.quote" or ".threshold". nil if it names no claim.
function claims.text(path)
  if by_id[path] then return claims.show(by_id[path], by_id[path].published) end
  local id, field = path:match("^(.+)%.([%w_]+)$")
  local claim = by_id[id]
  if not claim then return nil end
  if field == "quote" or field == "where" or field == "metric" then return claim[field] end
  if field == "threshold" then return ("%g %%"):format(100 * claim.threshold) end
  local value = type(claim.published) == "table" and claim.published[field]
  if not value then return nil end
  if field == "n" or field == "params" then return ("%d"):format(value) end
  return claims.show(claim, value)
end

return claims

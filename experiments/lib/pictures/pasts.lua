--- Pasts as the axes of a map, in one way for all pictures: what a synapse did to the right, what it
--- heard upwards; each past from its oldest to its newest symbol (-1, 0 or 1), the newest the last to
--- change along an axis.
local pasts = {}

local NUMBERS = { "one", "two", "three", "four", "five" }
local STACKED = 3 -- symbols: so many stand below each other on the axis of x

local function sign(symbol) return symbol < 0 and "−" or symbol > 0 and "+" or "0" end

--- All pasts of `length` symbols, in the order of an axis.
function pasts.all(length)
  local list = {}
  for place = 0, math.tointeger(3 ^ length) - 1 do
    local past = {}
    for i = 1, length do
      past[i] = place % 3 - 1
      place = place // 3
    end
    list[#list + 1] = past
  end
  return list
end

--- Ticks of an axis with these pasts in their order: for all of them, or where they are longer than
--- three symbols one for all those that end with the same three. `upwards`: on the axis of y.
function pasts.ticks(list, upwards)
  local length = #list[1]
  local shown = math.min(length, STACKED)
  local each = math.tointeger(3 ^ (length - shown)) -- pasts to a label
  local ticks = {}
  for i = 1, length > 0 and #list or 0, each do
    local signs = {}
    for k = length - shown + 1, length do signs[#signs + 1] = sign(list[i][k]) end
    ticks[#ticks + 1] = { i - 1 + each / 2,
      (upwards or shown < STACKED) and table.concat(signs, " ") or signs }
  end
  return ticks
end

--- The names of both axes: "own last two actions, older and newer" and the like.
function pasts.names(length)
  if length == 0 then return "own actions: none is looked at", "rewards: none" end
  if length == 1 then return "own last action", "last reward" end
  local order = length == 2 and "older and newer" or length == STACKED and "oldest to newest"
    or "oldest to newest; labels: the newest three"
  local many = NUMBERS[length] or length
  return ("own last %s actions, %s"):format(many, order), ("last %s rewards, %s"):format(many, order)
end

return pasts

--- Numbers as a reader wants them. nil and NaN become a dash.
local format = {}

local DASH, MINUS = "–", "−"

local function absent(x)
  return x == nil or x ~= x
end

--- A number with `digits` decimals and a true minus sign.
function format.fixed(x, digits)
  if absent(x) then return DASH end
  return (("%." .. digits .. "f"):format(x):gsub("^-", MINUS))
end

--- A share 0..1 as per cent.
function format.percent(x, digits)
  if absent(x) then return DASH end
  return format.fixed(100 * x, digits or 1) .. " %"
end

--- A number of whole things: 12,345.
function format.count(n)
  if absent(n) then return DASH end
  local digits = ("%.0f"):format(math.abs(n))
  local grouped = digits:reverse():gsub("(%d%d%d)", "%1,"):reverse():gsub("^,", "")
  return (n < 0 and MINUS or "") .. grouped
end

--- A difference, always with its sign.
function format.signed(x, digits)
  if absent(x) then return DASH end
  local text = format.fixed(x, digits)
  return text:find(MINUS, 1, true) and text or "+" .. text
end

--- Seconds as a person says them: 0.4 s, 34 s, 3 min 20 s, 5 h 30 min.
function format.duration(seconds)
  if absent(seconds) then return DASH end
  if seconds < 9.95 then return ("%.1f s"):format(seconds) end
  local s = math.floor(seconds + 0.5)
  if s < 60 then return ("%d s"):format(s) end
  local function two(n, unit, rest, part)
    return ("%d %s"):format(n, unit) .. (rest > 0 and (" %d %s"):format(rest, part) or "")
  end
  if s < 3600 then return two(s // 60, "min", s % 60, "s") end
  local m = math.floor(seconds / 60 + 0.5)
  return two(m // 60, "h", m % 60, "min")
end

--- Whole numbers in short: {1,2,3,7} is "1 to 3, 7".
function format.ranges(list)
  local x = table.move(list, 1, #list, 1, {})
  table.sort(x)
  local parts, i = {}, 1
  while i <= #x do
    local j = i
    while j < #x and x[j + 1] <= x[j] + 1 do j = j + 1 end
    local first, last = ("%.0f"):format(x[i]), ("%.0f"):format(x[j])
    parts[#parts + 1] = x[j] == x[i] and first
      or x[j] == x[i] + 1 and first .. ", " .. last
      or first .. " to " .. last
    i = j + 1
  end
  return table.concat(parts, ", ")
end

--- A value as a reader sees it: nets as 784-32-10, policies and rules by their name.
function format.value(value)
  if value == nil then return "default" end
  if type(value) ~= "table" then
    return math.type(value) == "float" and ("%.10g"):format(value) or tostring(value)
  end
  if value.name then return value.file and value.file:match "([^/\\]+)%.lua$" or value.name end
  local parts = {}
  for i, part in ipairs(value) do parts[i] = format.value(part) end
  return table.concat(parts, "-")
end

return format

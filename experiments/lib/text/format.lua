--- Numbers as a reader wants them. nil and NaN become a dash.
local format = {}

local DASH, MINUS = "–", "−"

local function absent(x)
  return x == nil or x ~= x
end

--- A number with `digits` decimals and a true minus sign, which stands before no zero.
function format.fixed(x, digits)
  if absent(x) then return DASH end
  local text = ("%." .. digits .. "f"):format(x)
  return (text:gsub("^-", text:find "^-[0.]+$" and "" or MINUS))
end

--- A number with as many decimals as show `significant` digits of it; whole numbers have none.
function format.sized(x, significant)
  if absent(x) then return DASH end
  local size = math.abs(x)
  if size >= 1e7 or size > 0 and size < 1e-6 then
    return (("%." .. significant - 1 .. "e"):format(x):gsub("^-", MINUS))
  end
  if size == math.floor(size) then return format.fixed(x, 0) end
  return format.fixed(x, math.max(significant - 1 - math.floor(math.log(size, 10)), 0))
end

--- A number as short as four digits of it allow: 0.25, 0.004023.
function format.plain(x)
  local text = format.sized(x, 4)
  return text:find "%.%d+$" and text:gsub("0+$", ""):gsub("%.$", "") or text
end

--- The same of a time.
function format.seconds(x)
  return format.plain(x) .. " s"
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

--- "1 run", "2 runs": so many of what a word names.
function format.counted(n, word, words)
  return format.count(n) .. " " .. (n == 1 and word or words or word .. "s")
end

--- A difference, always with its sign: with `digits` decimals, or as many as show a digit of it, or
--- three of it where `digits` is nil. No difference is "0".
function format.signed(x, digits)
  if absent(x) then return DASH end
  if x == 0 or digits and math.abs(x) < 10.0 ^ (-digits - 6) then return "0" end -- what rounding leaves
  local text = digits and format.fixed(x, digits) or format.sized(x, 3)
  if not text:find "[1-9]" then text = format.sized(x, 1) end
  return text:find(MINUS, 1, true) and text or "+" .. text
end

--- A number for a program: the shortest text that is read back as the same number.
function format.exact(x)
  if math.type(x) == "integer" then return ("%d"):format(x) end
  for digits = 15, 16 do
    local text = ("%." .. digits .. "g"):format(x)
    if tonumber(text) == x then return text end
  end
  return ("%.17g"):format(x)
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

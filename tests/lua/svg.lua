-- What a figure's SVG shows of words: where each stands, and what is wrong with that.
local svg = {}

local widths = require("font").widths()

local function plain(text)
  text = text:gsub("<[^>]*>", ""):gsub("&#(%d+);", function(n) return utf8.char(tonumber(n)) end)
  return (text:gsub("&%a+;", { ["&lt;"] = "<", ["&gt;"] = ">", ["&quot;"] = '"', ["&apos;"] = "'",
    ["&amp;"] = "&" }))
end

local function width(text, size)
  local sum = 0
  for _, code in utf8.codes(text) do sum = sum + (widths[code] or 1) end
  return sum * size
end

--- The words of a drawing: { text, left, right, top, bottom, upright }, in pixels from the upper left
--- corner; then the drawing's width and height.
function svg.words(bytes)
  local list = {}
  for place, style, text in bytes:gmatch '<g transform="([^"]+)"([^>]*)>%s*<text[^>]*>(.-)</text>' do
    local x, y = place:match "translate%(([%d.-]+),([%d.-]+)%)"
    local size = tonumber(style:match 'font%-size="([%d.]+)"')
    local anchor = style:match 'text%-anchor="(%a+)"'
    text, x, y = plain(text), tonumber(x), tonumber(y)
    local long = width(text, size)
    local before = ({ start = 0, middle = long / 2, ["end"] = long })[anchor]
    local word = { text = text, size = size, upright = place:find "rotate" ~= nil }
    if word.upright then -- read upwards
      word.left, word.right, word.bottom, word.top = x - 0.74 * size, x + 0.22 * size, y + before,
        y + before - long
    else
      word.left, word.right, word.top, word.bottom = x - before, x - before + long, y - 0.74 * size,
        y + 0.22 * size
    end
    if text:find "%S" then list[#list + 1] = word end
  end
  local wide, high = bytes:match '<svg%s+width="(%d+)"%s+height="(%d+)"'
  return list, tonumber(wide), tonumber(high)
end

--- What is wrong with the words of a drawing, a list: outside of the canvas, over each other.
function svg.faults(bytes)
  local words, wide, high = svg.words(bytes)
  local faults = {}
  for i, a in ipairs(words) do
    if a.left < 0 or a.top < 0 or a.right > wide or a.bottom > high then
      faults[#faults + 1] = ("'%s' is not within the canvas"):format(a.text)
    end
    for k = i + 1, #words do
      local b = words[k]
      if a.left < b.right and b.left < a.right and a.top < b.bottom and b.top < a.bottom then
        faults[#faults + 1] = ("'%s' and '%s' are over each other"):format(a.text, b.text)
      end
    end
  end
  if #words == 0 then faults[1] = "there are no words" end
  local wordless = bytes:gsub("<(%a+)[^>]*>[^<]*</%1>", "")
  for _, number in ipairs { "nan", "inf" } do
    if wordless:find("[ ,'(]%-?" .. number .. "[ ,')]") then faults[#faults + 1] = "a number is " .. number end
  end
  if bytes:find("scale(0.00)", 1, true) then faults[#faults + 1] = "a mark is scaled to nothing" end
  return faults
end

--- Has the drawing these words?
function svg.shows(bytes, text)
  for _, word in ipairs((svg.words(bytes))) do
    if word.text == text then return true end
  end
  return false
end

return svg

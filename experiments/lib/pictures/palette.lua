--- The colours of figures: of lines and marks, of maps, and how far they stand out (WCAG 2's contrast).
--- Lines and marks have 3:1 at least against white, those over maps against every colour of these; what
--- is told apart differs in lightness too, or in dash, width or mark, so it survives a copy in grey.
local palette = {}

palette.styles = {
  first = { colour = "#1b3a6b", width = 2.0, dash = "solid", point = 7 },
  second = { colour = "#b34700", width = 2.0, dash = "(9,5)", point = 9 },
  third = { colour = "#2f9a8f", width = 2.6, dash = "(3,4)", point = 5 },
  fourth = { colour = "#7a6a00", width = 2.0, dash = "(2,3,9,3)", point = 13 },
  fifth = { colour = "#1f6f3f", width = 1.4, dash = "(14,4)", point = 11 },
  black = { colour = "#000000", width = 1.6, dash = "(7,5)", point = 7 },
  learned = { colour = "#a83e08", width = 3.6, dash = "solid", point = 7 }, -- under a black one
  guide = { colour = "#595959", width = 1.0, dash = "solid", point = 7 },
  level = { colour = "#8b1a5b", width = 1.8, dash = "(10,4,2,4)", point = 7 }, -- what is to be reached
  faint = { colour = "#8a929e", width = 0.7, dash = "solid", point = 7 },
}

--- Colours of a map from its lowest value to its highest, evenly apart: light ones, over which lines
--- run, and ones of full range.
palette.maps = {
  light = { "#9fb9e4", "#d9d9d5", "#fff0c4" },
  full = { "#23467f", "#8fa3bd", "#fff0c4" },
}

local function parts(colour)
  local r, g, b = colour:match "^#(%x%x)(%x%x)(%x%x)$"
  return { tonumber(r, 16), tonumber(g, 16), tonumber(b, 16) }
end

--- How light a colour is, from 0 to 1.
function palette.luminance(colour)
  local sum = 0
  for i, part in ipairs(parts(colour)) do
    local s = part / 255
    sum = sum + ({ 0.2126, 0.7152, 0.0722 })[i]
      * (s <= 0.04045 and s / 12.92 or ((s + 0.055) / 1.055) ^ 2.4)
  end
  return sum
end

function palette.contrast(a, b)
  local x, y = palette.luminance(a), palette.luminance(b)
  return (math.max(x, y) + 0.05) / (math.min(x, y) + 0.05)
end

--- The colour at a share, from 0 to 1, of the way through a map's.
function palette.at(map, share)
  local place = math.min(math.max(share, 0), 1) * (#map - 1)
  local i = math.min(math.floor(place), #map - 2)
  local from, to, text = parts(map[i + 1]), parts(map[i + 2]), "#"
  for k = 1, 3 do
    text = text .. ("%02x"):format(math.floor(from[k] + (place - i) * (to[k] - from[k]) + 0.5))
  end
  return text
end

--- What can be read on a colour: "white" or "black" letters.
function palette.letters_on(colour)
  return palette.contrast(colour, "#000000") >= palette.contrast(colour, "#ffffff") and "black" or "white"
end

return palette

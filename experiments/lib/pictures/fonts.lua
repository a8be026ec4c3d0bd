--- What fonts gnuplot finds for PNGs: an SVG is drawn with the fonts of its reader.
local fonts = {}

local axes = require "pictures.axes"
local measure = require "pictures.measure"

local SHOWN = "□" -- for a letter that no font has
local TRIED = 25 -- letters at once

local function png(width, height, commands)
  return require("synlab").gnuplot(("set terminal pngcairo noenhanced size %d,%d font '%s,10'\n"
    .. "set encoding utf8\nunset border\nunset tics\nunset key\nset lmargin at screen 0.9\n%s\n"
    .. "plot [0:1][0:1] 2 notitle\n"):format(width, height, axes.FONT, commands))
end

--- Where no font is found, pictures have no text, and neither gnuplot nor its libraries say so: then
--- two texts give the same picture. Tried once.
function fonts.found()
  if fonts.any == nil then
    local drawn = {}
    for i, text in ipairs { "il", "MW" } do
      drawn[i] = png(60, 30, ("set label '%s' at screen 0.1,0.5"):format(text))
    end
    fonts.any = drawn[1] ~= drawn[2]
  end
  return fonts.any
end

--- Is there a letter among these that no font has? For such a letter Pango draws a box with its number,
--- hundreds of times larger than a letter in gnuplot's PNGs. So the letters are drawn and covered: what
--- can still be seen is that box.
function fonts.lacking(letters)
  local function covered(text)
    return png(1600, 300, ("set label '%s' at screen 0.02,0.5\nset object rectangle from screen 0,0.35 "
      .. "to screen 0.6,0.65 front fc rgb 'white' fs solid noborder"):format(text))
  end
  return covered(table.concat(letters)) ~= covered "x"
end

local tried = {} -- letters, with whether a font has them

--- Finds out about letters that were not tried yet: all at once, then one by one.
local function try(letters)
  for first = 1, #letters, TRIED do
    local some = table.move(letters, first, math.min(first + TRIED - 1, #letters), 1, {})
    local any = fonts.lacking(some)
    for _, letter in ipairs(some) do tried[letter] = not (any and fonts.lacking { letter }) end
  end
end

--- A script with a square for each letter that no font has, and those letters in words, or nil.
function fonts.without_missing(script)
  local letters, seen, missing = {}, {}, {}
  for _, code in utf8.codes(script) do
    local letter = code > 126 and not measure.known(code) and utf8.char(code)
    if letter and not seen[letter] then
      seen[letter] = true
      letters[#letters + 1] = tried[letter] == nil and letter or nil
    end
  end
  try(letters)
  script = script:gsub(utf8.charpattern, function(letter)
    if not seen[letter] or tried[letter] then return nil end
    if not missing[letter] then missing[#missing + 1], missing[letter] = letter, true end
    return SHOWN
  end)
  return script, #missing > 0 and table.concat(missing, "", 1, math.min(#missing, 20))
    .. (#missing > 20 and "..." or "") or nil
end

return fonts

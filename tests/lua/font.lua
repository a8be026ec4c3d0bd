-- The widths of letters, read from the file of a font (TrueType): what pictures.measure is held to.
local font = {}

local PATHS = { "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
  "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf", "/usr/share/fonts/TTF/DejaVuSans.ttf" }

local function read(paths)
  for _, path in ipairs(paths) do
    local file = io.open(path, "rb")
    if file then
      local bytes = file:read "a"
      file:close()
      return bytes
    end
  end
  error("no DejaVuSans.ttf; `make deps` installs it (fonts-dejavu-core)", 0)
end

--- Glyph by letter: of the tables of the font's `cmap`, the one that knows all of Unicode.
local function glyphs(bytes, cmap)
  local list = {}
  for i = 0, string.unpack(">I2", bytes, cmap + 2) - 1 do
    local at = cmap + string.unpack(">I4", bytes, cmap + 4 + 8 * i + 4)
    if string.unpack(">I2", bytes, at) == 12 then
      for group = 0, string.unpack(">I4", bytes, at + 12) - 1 do
        local first, last, glyph = string.unpack(">I4I4I4", bytes, at + 16 + 12 * group)
        for code = first, last do list[code] = glyph + code - first end
      end
    end
  end
  return list
end

--- The width of every letter of the font, as a share of its size, by code point.
function font.widths()
  local bytes, at = read(PATHS), {}
  for i = 0, string.unpack(">I2", bytes, 5) - 1 do
    local tag, _, offset = string.unpack(">c4I4I4", bytes, 13 + 16 * i)
    at[tag] = offset + 1
  end
  local em = string.unpack(">I2", bytes, at.head + 18)
  local last = string.unpack(">I2", bytes, at.hhea + 34) - 1
  local widths = {}
  for code, glyph in pairs(glyphs(bytes, at.cmap)) do
    widths[code] = string.unpack(">I2", bytes, at.hmtx + 4 * math.min(glyph, last)) / em
  end
  return widths
end

return font

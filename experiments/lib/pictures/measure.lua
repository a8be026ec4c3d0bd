--- How wide words are in the font of the figures, DejaVu Sans. gnuplot's terminals guess it from the
--- number of letters, each in its own way, so what has to fit is measured here: never less than it is.
local measure = {}

--- Letters by their width, in hundredths of the font's size, rounded up.
local CLASSES = {
  [28] = "ijlìíîïĩīĭįıĵĺļіїј",
  [30] = "IJÌÍÎÏĨĪĬĮİĴłΙΪІЇЈ",
  [32] = " ,.·‘’\u{a0}",
  [34] = "/:;\\|¦ίι",
  [36] = "fŀſ",
  [38] = "-ľ\u{ad}",
  [40] = "()[]tţťŧ",
  [42] = "!r¡²³¹ŕŗř₀₁₂₃₄₅₆₇₈₉",
  [46] = '"',
  [48] = "ªº",
  [50] = "*_`§¨¯°´¸–",
  [52] = "“”∂",
  [54] = "?sz¿śŝşšźżžгзѓѕ",
  [56] = "LcçćĉċčĳĹĻĽĿΓέεζνξсэє",
  [58] = "FkķĸŁΰυχ",
  [60] = "vxyýÿĲŷγκλςвтухчьў•",
  [62] = "PTYaeo«»ÝÞàáâãäåèéêëðòóôõöøāăąēĕėęěōŏőŢŤŦŶŸΡΤΥΫδθοπτЃЎГРТУабекояѐёќ",
  [64] = "$0123456789ESbdghnpqu{}¢£¤¥µ¶ÈÉÊËßñùúûüþďđĒĔĖĘĚĝğġģĥńņňŋŚŜŞŠũūŭůűųΕΞΣήβημρσЀЁЅЕлрђ€√",
  [66] = "KĶΚάαφψЗийнпћѝџ",
  [68] = "∑∆",
  [70] = "ABCRVXZÀÁÂÃÄÅÇĀĂĄĆĈĊČħŔŖŘŹŻŽΑΒΔΖΛΧЄАБВСХЧЬЭЯдц",
  [72] = "ЌКъ",
  [74] = "UÙÚÛÜŨŪŬŮŰŲ",
  [76] = "HNÑĤŃŅŇŊΗΝΠЍЏИЙЛНПм",
  [78] = "&DGÐĎĐĜĞĠĢΩЦ",
  [80] = "OQÒÓÔÕÖØŌŎŐΘΟΦΨЂЋДОы",
  [82] = "wŉŵ",
  [84] = "#+<=>^~¬±×÷ωЪ−≤≥≈≠∞→←↑↓",
  [86] = "фю",
  [88] = "MΜМФ",
  [90] = "Ыњ",
  [92] = "Ħжшљ",
  [96] = "%щ",
  [98] = "m¼½¾Æ",
  [100] = "@W©®æŴ—…",
  [104] = "œ",
  [106] = "Њ",
  [108] = "ŒЖШЮ",
  [110] = "ЉЩ",
  [136] = "‰",
}
local OTHER = 125 -- any other letter: hardly one of the font is wider, nor an ideogram of another one
local SIGN = 165 -- a face, a playing card, a tile: those from U+1F000

local ELLIPSIS = "…"
local DENSE = 1.03 -- a PNG's letters are so much wider than an SVG's

local of_letter = {}
for width, letters in pairs(CLASSES) do
  for _, code in utf8.codes(letters) do of_letter[code] = width end
end
for _, range in ipairs { { 0x300, 0x36f }, { 0x200b, 0x200f }, { 0xfe00, 0xfe0f } } do
  for code = range[1], range[2] do of_letter[code] = 0 end -- marks on the letter before
end

--- Is it a letter whose width is known, so that the font has it?
function measure.known(code)
  return of_letter[code] ~= nil
end

--- A text that a drawing can hold: in UTF-8, without control characters or spaces around it.
function measure.clean(text)
  local ok, parts = nil, {}
  text = tostring(text)
  repeat
    local n, at = utf8.len(text)
    ok = n ~= nil
    parts[#parts + 1] = ok and text or text:sub(1, at - 1) .. "\u{fffd}"
    if not ok then text = text:sub(at + 1) end
  until ok
  return (table.concat(parts):gsub("\xc2[\x80-\x9f]", " ")
    :gsub("\xef\xbf[\xbe\xbf]", "\u{fffd}"):gsub("%c+", " ")
    :match "^%s*(.-)%s*$")
end

--- The width of a clean text in pixels, in letters of `size` pixels.
function measure.width(text, size)
  local sum = 0
  for _, code in utf8.codes(text) do
    sum = sum + (of_letter[code] or code >= 0x1f000 and SIGN or OTHER)
  end
  return DENSE * sum * size / 100
end

--- The longest piece of a list of letters, taken in their order, that is no wider than `room`.
local function piece(letters, room, size)
  local sum, n = 0, 0
  for i, letter in ipairs(letters) do
    sum = sum + measure.width(letter, size)
    if sum > room then break end
    n = i
  end
  return n
end

--- The text if it is no wider than `room`; else its beginning and its end with an ellipsis between.
function measure.cut(text, room, size)
  if measure.width(text, size) <= room then return text end
  local letters, turned = {}, {}
  for _, code in utf8.codes(text) do letters[#letters + 1] = utf8.char(code) end
  for i, letter in ipairs(letters) do turned[#letters + 1 - i] = letter end
  local left = room - measure.width(ELLIPSIS, size)
  local head = piece(letters, 0.65 * left, size)
  local tail = piece(turned, left - measure.width(table.concat(letters, "", 1, head), size), size)
  while tail > 0 and of_letter[utf8.codepoint(turned[tail])] == 0 do tail = tail - 1 end
  return table.concat(letters, "", 1, head):gsub("%s+$", "") .. ELLIPSIS
    .. table.concat(letters, "", #letters + 1 - tail):gsub("^%s+", "")
end

--- The text in at most `most` lines that are no wider than `room`; what is too long is cut.
function measure.wrap(text, room, size, most)
  local lines, line = {}, nil
  for word in text:gmatch "%S+" do
    local longer = line and line .. " " .. word or word
    if line and measure.width(longer, size) > room and #lines + 1 < most then
      lines[#lines + 1], line = line, word
    else
      line = longer
    end
  end
  lines[#lines + 1] = line
  for i, words in ipairs(lines) do lines[i] = measure.cut(words, room, size) end
  return lines
end

return measure

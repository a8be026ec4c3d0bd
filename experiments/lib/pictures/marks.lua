--- Marks in an SVG for what reads it, as the script of a page does: nothing of them is seen.
---
---   g[data-of]       a part of the drawing, named as the data that it shows (p3_1)
---   rect.panel       a panel's box: data-title, data-x, data-y, data-z (names of the axes), data-rows
---                    (how many rows of the figure's CSV are its own), and where these stand: data-at,
---                    "p3_1 x,y x,y;p3_2 x,y", or data-cells, "columns rows" of a map from below
---   rect.entry       an entry of a legend: data-title, and data-of, the parts that it names
local marks = {}

local frame = require "pictures.frame"
local measure = require "pictures.measure"
local points = require "pictures.points"

--- The names of the parts that a script's plot commands draw, in order: of data p3_1 the one that begins
--- with `$p3_1`; a part without data is a level.
local function parts_of(script)
  local names, panel = {}, 0
  for command in script:gmatch "\nplot (.-notitle)\n" do
    local levels = 0
    panel = panel + 1
    for part in command:gmatch "(.-)notitle" do
      local name = part:match "%$(p%d+_%w+)"
      if not name then
        levels = levels + 1
        name = ("p%d_level%d"):format(panel, levels)
      end
      names[#names + 1] = name
    end
  end
  return names
end

local function attributes(values)
  local list = {}
  for _, pair in ipairs(values) do
    local text = type(pair[2]) == "number" and ("%.0f"):format(pair[2]) or pair[2]
    if text and text ~= "" then
      list[#list + 1] = (' %s="%s"'):format(pair[1], (measure.clean(text):gsub('[&<>"]',
        { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" })))
    end
  end
  return table.concat(list)
end

local function rectangle(class, x, y, width, height, values)
  return ('<rect class="%s" x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="none"%s/>'):format(class,
    x, y, width, height, attributes(values))
end

--- Where points stand, in pixels.
local function places(one, list, x, y, width, height)
  local place, text, last = one.kind.placing and one.kind.placing(one.panel) or function(v) return v end, {}
  for _, point in ipairs(list) do
    if not point.at then return nil end
    text[#text + 1] = ("%s%.0f,%.0f"):format(point.of == last and " " or (last and ";" or "")
      .. point.of .. " ", x + width * frame.share(one.view.x, place(point.at[1])),
      y + height * (1 - frame.share(one.view.y, point.at[2])))
    last = point.of
  end
  return table.concat(text)
end

--- The parts that an entry of the legend names: a series, those without a title whose style it has, a
--- contour, a level.
local function named_parts(panel, entry, id)
  local list = {}
  for s, series in ipairs(panel.series or {}) do
    local own = series == entry.item
    local behind = not series.title and series.style == entry.item.style
      and points.title(panel, series) == entry.item.title
    if #series.x > 0 and (own or behind) then list[#list + 1] = ("%s_%d"):format(id, s) end
  end
  for c, contour in ipairs(panel.contours or {}) do
    if contour == entry.item then list[#list + 1] = ("%s_line%d"):format(id, c) end
  end
  for l, line in ipairs(panel.lines or {}) do
    if line == entry.item then list[#list + 1] = ("%s_level%d"):format(id, l) end
  end
  return table.concat(list, " ")
end

--- Marks of a panel, whose column and row begin at left, top.
local function of_panel(one, id, left, top, row, add)
  local panel, x, y = one.panel, left + one.left, top + row.above
  local list = points.of(panel, id)
  local at = places(one, list, x, y, one.box, row.height)
  add(rectangle("panel", x, y, one.box, row.height, { { "data-title", points.name(panel) },
    { "data-x", panel.xlabel }, { "data-y", panel.ylabel }, { "data-z", panel.cblabel },
    { "data-rows", #list }, { "data-at", at }, { "data-cells", panel.cells
      and ("%d %d"):format(panel.cells, panel.high or panel.cells) } }))
  for _, entry in ipairs(one.legend and one.legend.entries or {}) do
    local parts = entry.item and named_parts(panel, entry, id) or ""
    if parts ~= "" then
      add(rectangle("entry", left + entry.left - 3, top + entry.middle - 9, entry.width + 6, 18,
        { { "data-title", entry.title }, { "data-of", parts } }))
    end
  end
end

--- An SVG with its marks, from the layout and the script that it was drawn by.
function marks.add(svg, at, script)
  local i, list, parts = 0, {}, parts_of(script)
  svg = svg:gsub('<g id="gnuplot_plot_%w+"%s*([^>]*)>', function(more) -- fill="none", of gnuplot 6
    i = i + 1
    return parts[i] and ('<g data-of="%s"%s>'):format(parts[i], more ~= "" and " " .. more or "")
  end)
  for n, one in ipairs(at) do
    local row, column = at.rows[(n - 1) // at.columns + 1], (n - 1) % at.columns
    of_panel(one, "p" .. n, column * at.width / at.columns, row.top, row, function(mark)
      list[#list + 1] = mark
    end)
  end
  return (svg:gsub("</svg>%s*$", function() return table.concat(list, "\n") .. "\n</svg>\n" end))
end

return marks

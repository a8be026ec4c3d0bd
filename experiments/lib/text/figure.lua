--- A figure of a page as HTML: its drawing, as an SVG that is part of the page, and below it its data,
--- as a table and as a CSV to take away. What marks the drawing has says pictures/marks.lua.
local figure = {}

local ROWS = 200 -- of a panel's table; what has more is thinned, and says so

local heads = { series = "series", x = "x", y = "y", z = "value", low = "from", high = "to", seeds = "seeds",
  run = "run" }
local ORDER = { "series", "x", "y", "z", "low", "high", "seeds", "run" }

function figure.escape(text)
  return (text:gsub("[&<>\"]", { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;",
    ['"'] = "&quot;" }))
end

--- A text as the address of itself.
function figure.address(kind, text)
  return ("data:%s,"):format(kind) .. text:gsub("[^%w%-_.~/:;=,()]", function(c)
    return ("%%%02X"):format(c:byte())
  end)
end

-- ---- the drawing --------------------------------------------------------------------------------

--- Rectangles of a map, of which there are thousands: one path for those of a colour.
local function few_paths(map)
  local order, paths = {}, {}
  for fill, corners in map:gmatch "<path fill='(#%x+)' d='([^']*)'/>" do
    if not paths[fill] then order[#order + 1], paths[fill] = fill, {} end
    table.insert(paths[fill], corners)
  end
  for i, fill in ipairs(order) do
    order[i] = ("<path fill='%s' d='%s'/>"):format(fill, table.concat(paths[fill]))
  end
  return #order > 0 and table.concat(order, "\n") or nil
end

--- gnuplot's words in fewer: no group that holds nothing, no digit that nobody sees.
local function short(svg)
  svg = svg:gsub("(<g stroke='none' shape%-rendering='crispEdges'>)(.-)(</g>)", function(open, inner, close)
    local paths = few_paths(inner)
    return paths and open .. paths .. close
  end)
  svg = svg:gsub("<g [^>]*>%s*</g>", ""):gsub("<g [^>]*>%s*</g>", "")
  svg = svg:gsub("<[^>]*>", function(tag)
    return (tag:gsub("(%d)%.00%f[%D]", "%1"):gsub("(%d%.%d)%d%f[%D]", "%1"))
  end)
  return (svg:gsub("%s*\n%s*", "\n"))
end

--- A drawing for a page: its names are its own, and what it shows is said of it and not of its parts.
local function inline(svg, name, class)
  svg = short(svg:gsub("^.-(<svg%s)", "%1", 1))
  svg = svg:gsub("%sid=(['\"])", " id=%1" .. name .. "-"):gsub("href=(['\"])#", "href=%1#" .. name .. "-")
    :gsub("url%(#", "url(#" .. name .. "-")
  local title = svg:match "<title>(.-)</title>" or ""
  svg = svg:gsub("<title>.-</title>%s*", "", 1)
  svg = svg:gsub("<desc>", ('<desc id="%s-desc">'):format(name), 1)
  return (svg:gsub("<svg%s", function()
    return ('<svg class="%s" role="group" aria-label="%s" aria-describedby="%s-desc" '):format(class,
      title:gsub('"', "&quot;"), name)
  end, 1))
end

-- ---- the data -----------------------------------------------------------------------------------

--- The field of a CSV that begins at `at`, and where it ends.
local function field(csv, at)
  if csv:sub(at, at) ~= '"' then return csv:match("^([^,\n]*)()", at) end
  local stop, doubled = at, false
  repeat
    stop = csv:find('"', stop + 1, true)
    doubled = csv:sub(stop + 1, stop + 1) == '"'
    if doubled then stop = stop + 1 end
  until not doubled
  return (csv:sub(at + 1, stop - 1):gsub('""', '"')), stop + 1
end

--- Rows of a CSV, each a table by the names in its head.
function figure.rows(csv)
  local lines, fields, at = {}, {}, 1
  while at <= #csv do
    fields[#fields + 1], at = field(csv, at)
    if csv:sub(at, at) == "\n" then lines[#lines + 1], fields = fields, {} end
    at = at + 1
  end
  for i = 2, #lines do
    local row = {}
    for c, name in ipairs(lines[1]) do row[name] = lines[i][c] end
    lines[i] = row
  end
  return table.move(lines, 2, #lines + 1, 1)
end

--- Boxes of an SVG's panels, each a table of the data that it has.
local function panels_of(svg)
  local list = {}
  for attributes in svg:gmatch '<rect class="panel"([^>]*)>' do
    local panel = {}
    for name, value in attributes:gmatch 'data%-(%l+)="([^"]*)"' do panel[name] = value end
    list[#list + 1] = panel
  end
  return list
end

--- Rows that stand for a panel's: all, or of each curve every so manieth, with its first and its last.
local function thinned(rows)
  local step, kept, from = math.ceil(#rows / ROWS), {}, 1
  local function whose(row) return row and row.series .. "\n" .. row.run end
  for i, row in ipairs(rows) do
    if whose(rows[i - 1]) ~= whose(row) then from = i end
    if (i - from) % step == 0 or whose(rows[i + 1]) ~= whose(row) then kept[#kept + 1] = row end
  end
  return kept, step
end

--- A number as readers want it: with a true minus sign.
local function shown(value)
  return tonumber(value) and value:gsub("^-", "−") or figure.escape(value)
end

local function panel_table(panel, rows)
  if panel.cells and #rows > ROWS then
    return ("<p><strong>%s</strong>: a map of %s cells, all of them in the CSV.</p>"):format(
      panel.title or "", panel.cells:gsub(" ", " × "))
  end
  local kept, step = thinned(rows)
  local columns, out = {}, {}
  for _, column in ipairs(ORDER) do
    for _, row in ipairs(kept) do
      if row[column] ~= "" then
        columns[#columns + 1] = column
        break
      end
    end
  end
  local function line(cells) out[#out + 1] = "<tr>" .. table.concat(cells) .. "</tr>" end
  local cells = {}
  for i, column in ipairs(columns) do
    cells[i] = ('<th scope="col">%s</th>'):format(panel[column] or heads[column])
  end
  line(cells)
  for _, row in ipairs(kept) do
    cells = {}
    for i, column in ipairs(columns) do cells[i] = "<td>" .. shown(row[column]) .. "</td>" end
    line(cells)
  end
  return ('<div class="table">\n<table>\n<caption>%s%s</caption>\n<thead>\n%s\n</thead>\n<tbody>\n%s\n</tbody>'
    .. "\n</table>\n</div>"):format(panel.title or "", step > 1
    and (" (%d of %d points; all of them in the CSV)"):format(#kept, #rows) or "", out[1],
    table.concat(out, "\n", 2))
end

local function data_of(svg, csv, name)
  local rows, at, out = figure.rows(csv), 0, {}
  for _, panel in ipairs(panels_of(svg)) do
    local n = tonumber(panel.rows)
    out[#out + 1] = panel_table(panel, table.move(rows, at + 1, at + n, 1, {}))
    at = at + n
  end
  return ('<details>\n<summary>Data of this figure</summary>\n<p><a download="%s.csv" href="%s">%s.csv</a>, '
    .. "%d rows. Long curves are told by the lowest and the highest point of each of their stretches.</p>\n"
    .. "%s\n</details>\n"):format(name, figure.address("text/csv;charset=utf-8", csv), name, #rows,
    table.concat(out, "\n"))
end

--- A figure, NAME.svg, with its form for narrow screens and its data, if it has them, and its caption.
--- `read` gives the text of the file that the page knows by a path; nil if there is no drawing.
function figure.html(path, caption, read)
  local svg, name = read(path), path:match "([^/]+)%.svg$"
  if not svg then return nil end
  local narrow, csv = read((path:gsub("svg$", "narrow.svg"))), read((path:gsub("svg$", "csv")))
  return ('<figure id="figure-%s">\n%s%s<figcaption>%s</figcaption>\n%s</figure>'):format(name,
    inline(svg, name, narrow and "wide" or "only"), narrow and inline(narrow, name .. "-narrow", "narrow") or "",
    caption, csv and data_of(svg, csv, name) or "")
end

return figure

--- Tables as Markdown, aligned in the source too, and as CSV.
---
--- A table is { columns = { "Seed", { "Mean", align = "right" }, ... }, rows = { { ... }, ... } }.
local tables = {}

local function heading(column)
  return type(column) == "table" and column[1] or column
end

local function width(text)
  return utf8.len(text) or #text
end

local function pad(text, size, right)
  local space = (" "):rep(size - width(text))
  return right and space .. text or text .. space
end

--- A cell's text must not end the cell or the row.
local function cell(value)
  return (tostring(value == nil and "" or value):gsub("|", "\\|"):gsub("%s*\n%s*", " "))
end

function tables.markdown(columns, rows)
  local grid, sizes, right = { {} }, {}, {}
  for c, column in ipairs(columns) do
    grid[1][c] = cell(heading(column))
    right[c] = type(column) == "table" and column.align == "right"
  end
  for r, row in ipairs(rows) do
    grid[r + 1] = {}
    for c = 1, #columns do grid[r + 1][c] = cell(row[c]) end
  end
  for c = 1, #columns do
    sizes[c] = 3
    for _, row in ipairs(grid) do sizes[c] = math.max(sizes[c], width(row[c])) end
  end
  local lines = {}
  for r, row in ipairs(grid) do
    local padded, rule = {}, {}
    for c = 1, #columns do
      padded[c] = pad(row[c], sizes[c], right[c])
      rule[c] = right[c] and ("-"):rep(sizes[c] - 1) .. ":" or ("-"):rep(sizes[c])
    end
    lines[#lines + 1] = "| " .. table.concat(padded, " | ") .. " |"
    if r == 1 then lines[#lines + 1] = "| " .. table.concat(rule, " | ") .. " |" end
  end
  return table.concat(lines, "\n") .. "\n"
end

--- A value as a field by RFC 4180; nil and NaN are empty.
local function field(value)
  if value == nil or value ~= value then return "" end
  local text = tostring(value)
  if text:find('[",\r\n]') then text = '"' .. text:gsub('"', '""') .. '"' end
  return text
end

--- Rows of a CSV without its head, line feeds at the ends of lines.
function tables.rows(columns, rows)
  local lines = {}
  for r, row in ipairs(rows) do
    local fields = {}
    for c = 1, #columns do fields[c] = field(row[c]) end
    lines[r] = table.concat(fields, ",") .. "\n"
  end
  return table.concat(lines)
end

function tables.csv(columns, rows)
  local names = {}
  for c, column in ipairs(columns) do names[c] = heading(column) end
  return tables.rows(columns, { names }) .. tables.rows(columns, rows)
end

return tables

--- What can be wrong with a chapter, a figure, a table or a book as declared: told before anything
--- runs, in one line with the place of what is wrong.
local declarations = {}

local claims = require "verdicts.claims"
local fields = require "text.fields"
local names = require "text.names"
local own_claims = require "verdicts.own_claims"
local weave = require "text.weave"

local of_type = fields.of_type

local function wrong(where, form, ...)
  error(where .. ": " .. form:format(...), 0)
end

-- ---- values -------------------------------------------------------------------------------------

--- A name that files get: it stays in its folder, and a link in Markdown holds it whole.
function declarations.file_name(name, where, what)
  if name == "" or name:find "^%." or name:find "[%c%s/\\()<>%[%]\"'`|&;$*?!#%%:]"
    or not utf8.len(name) or #name > 120 then
    wrong(where, "%s = '%s'; it names files, so it is made of letters, digits, '-', '_' and '.', "
      .. "and begins with none of these dots", what, (name:gsub("%c", "?")))
  end
end

-- ---- what a chapter shows -----------------------------------------------------------------------

local function check_columns(shown, where)
  local columns = shown.columns
  if #columns == 0 then wrong(where, "columns is an empty list") end
  for i, column in ipairs(columns) do
    local what = ("column %d"):format(i)
    of_type(column, { "string", "table" }, where, what)
    if type(column) == "table" then
      fields.check(column, { align = { "string" } }, where .. ", " .. what)
      of_type(column[1], { "string" }, where, "the name of " .. what)
      if column.align ~= nil and column.align ~= "right" and column.align ~= "left" then
        wrong(where, "%s: align = '%s'; it is 'left' or 'right'", what, column.align)
      end
    end
  end
end

local elements = {
  figure = { known = { panels = { "function", must = true }, columns = { "number" },
    alt = { "string", "function" } },
    check = function(figure, where)
      local columns = figure.columns
      if columns ~= nil and (math.type(columns) ~= "integer" or columns < 1 or columns > 4) then
        wrong(where, "columns = %s; it is a whole number from 1 to 4", tostring(columns))
      end
    end },
  table = { known = { columns = { "table", must = true }, rows = { "function", must = true },
    csv = { "function" } }, check = check_columns },
}
for _, kind in pairs(elements) do
  for _, key in ipairs { "name", "title", "caption" } do
    kind.known[key] = { "string", must = true }
  end
end

--- Marks a declaration as a figure or a table.
function declarations.element(kind, declaration)
  of_type(declaration, { "table" }, kind, "its declaration")
  local where = fields.place(kind, declaration.name)
  fields.check(declaration, elements[kind].known, where)
  declarations.file_name(declaration.name, kind, "name")
  elements[kind].check(declaration, where)
  declaration.element = kind
  return setmetatable(declaration, { __call = function()
    error(("%s: a %s is no function: it stands in a chapter by itself, without ()"):format(where, kind), 0)
  end })
end

-- ---- chapters -----------------------------------------------------------------------------------

--- The keys of a chapter, with their types.
declarations.chapter_keys = {
  id = { "string", must = true }, title = { "string", must = true }, finding = { "string" },
  runs = { "table", "function", must = true }, numbers = { "function" }, files = { "function" },
  provides = { "function" }, foresees = { "function" }, instead = { "function" },
  needs = { "table", of = { "string" } }, claims = { "function" },
  own_claims = { "table", of = { "table" } }, uses_images = { "boolean" },
  uses_policy = { "boolean" }, uses_authors = { "boolean" }, shifts = { "function" }, uses_seeds = { "boolean" },
}

--- Files by their names: a second writer is told.
local function take_name(taken, name, by, where)
  if taken[name] then
    wrong(where, "%s and %s have the same name, '%s'", taken[name], by, name)
  end
  taken[name] = by
end

--- The files that a chapter's items make, into `taken`.
local function take_names(chapter, taken, where)
  for i, item in ipairs(chapter) do
    if type(item) == "table" and item.element then
      local by = ("the %s of item %d"):format(item.element, i)
      if item.element == "figure" then
        for _, ending in ipairs { ".svg", ".narrow.svg" } do take_name(taken, item.name .. ending, by, where) end
      end
      if item.csv then take_name(taken, item.name .. ".csv", by, where) end
    end
  end
  if chapter.own_claims then take_name(taken, chapter.id .. "-claims.csv", "its own claims", where) end
end

--- Without `numbers` only the paper's can be named in a text.
local function check_texts(chapter, where)
  if chapter.numbers then return end
  local function check(text)
    if text then weave.fill(text, {}, claims.text, where) end
  end
  check(chapter.finding)
  for _, item in ipairs(chapter) do
    if type(item) == "string" then check(item) end
    if type(item) == "table" then
      check(item.title)
      check(item.caption)
      check(type(item.alt) == "string" and item.alt)
    end
  end
end

--- Checks a chapter's declaration; returns how messages begin.
function declarations.chapter(chapter)
  of_type(chapter, { "table" }, "chapter", "its declaration")
  local where = fields.place("chapter", chapter.id)
  fields.check(chapter, declarations.chapter_keys, where)
  declarations.file_name(chapter.id, where, "id")
  local items = 0
  for key in pairs(chapter) do items = items + (type(key) ~= "string" and 1 or 0) end
  if items ~= #chapter then wrong(where, "one of its items is nil: a name is misspelt, perhaps") end
  for i, item in ipairs(chapter) do
    local kind = type(item)
    if kind ~= "string" and kind ~= "function" and not (kind == "table" and item.element) then
      wrong(where, "item %d is a %s; it can be prose, a figure, a table or a function of the results",
        i, kind)
    end
  end
  take_names(chapter, {}, where)
  own_claims.check(chapter.own_claims or {}, where)
  check_texts(chapter, where)
  return where
end

-- ---- books --------------------------------------------------------------------------------------

local book_keys = {
  name = { "string", must = true }, title = { "string", must = true }, intro = { "string" },
  chapters = { "table", of = { "string" }, must = true }, papers = { "table" },
}
local papers_keys = { article = { "table", must = true }, reforms = { "table", must = true } }

function declarations.book(book)
  local where, seen = fields.place("book", book.name), {}
  fields.check(book, book_keys, where)
  if book.papers then fields.check(book.papers, papers_keys, where .. ": papers") end
  declarations.file_name(book.name, "book", "name")
  if #book.chapters == 0 then wrong(where, "it has no chapters") end
  for _, name in ipairs(book.chapters) do
    if seen[name] then wrong(where, "it has the chapter '%s' twice", name) end
    seen[name] = true
  end
end

--- Chapters on one page write no file twice.
function declarations.page(chapters, where)
  local taken, ids = {}, {}
  for _, chapter in ipairs(chapters) do
    take_name(ids, chapter.id, "a chapter", where)
    local own = {}
    take_names(chapter.declaration, own, chapter.where)
    for _, name in ipairs(names.keys(own)) do take_name(taken, name, chapter.where, where) end
  end
end

return declarations

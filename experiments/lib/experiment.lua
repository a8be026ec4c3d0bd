--- Chapters: an experiment, its prose and its results in one declaration.
---
---   local lab = require "experiment"
---   return lab.chapter {
---     id = "figure1", title = "Figure 1: ...",
---     runs = lab.sweep { task = "boundary", lab.synaptic { policy = ... }, seeds = 20 },
---     numbers = function(results) return { best = ... } end,
---     [[Prose in Markdown, with ${best} and the published ${figure1.accuracy}.]],
---     lab.figure { name = "x", title = "X", caption = ..., panels = function(results) ... end },
---     lab.table { name = "y", title = "Y", caption = ..., columns = ..., rows = ... },
---     function(results) return "Markdown" end,
---   }
---
--- The items without a name are what the report shows, in reading order. `runs` is a list of runs
--- (or named lists, or a function returning either), and `results` has the same shape with a record
--- in place of each run. A failed run has a record too, without measurements: lab.values and
--- lab.measured leave it out.
---
--- A chapter file is both a script and a module: run as a script the chapter runs and writes
--- OUT/ID.md; reached by `require` it only stands ready, for a book or for another chapter.
local lab = {}

local budget = require "budget"
local claims = require "claims"
local names = require "names"
local pages = require "pages"
local plot = require "plot"
local scoreboard = require "scoreboard"
local sweep = require "sweep"
local tables = require "tables"
local timing = require "timing"
local weave = require "weave"

local function host()
  return require "synlab"
end

-- ---- words for declarations -----------------------------------------------------------------

lab.set = sweep.set
lab.sweep = sweep.expand
lab.zip = sweep.zip

--- Options of Algorithm 1. `epsilon` wraps the policy: explore { epsilon, inner = policy }.
function lab.synaptic(options)
  options.method = "synaptic"
  return sweep.set(options)
end

function lab.descent(options)
  options.method = "descent"
  return sweep.set(options)
end

local function policy(name)
  return function(params)
    params = params or {}
    params.name = name
    return params
  end
end

lab.qtable = policy "qtable"
lab.random = policy "random"
lab.explore = policy "explore"

--- A rule of Lua as a policy: lab.rule("policies/rules/win_stay.lua", { param = value }).
lab.rule = require("rule_files").policy

--- A frozen table from the text of a policy file.
function lab.table_policy(csv)
  return { name = "table", csv = csv }
end

local function element(kind, known)
  known.name, known.title, known.caption = true, true, true
  return function(declaration)
    names.check(declaration, known, kind)
    for _, key in ipairs { "name", "title", "caption" } do
      if not declaration[key] then error(("%s: it has no %s"):format(kind, key), 0) end
    end
    declaration.element = kind
    return declaration
  end
end

--- See plot.lua for panels; `panels` is a function of the results, nil = nothing to draw.
lab.figure = element("figure", { panels = true, columns = true })
--- `csv` names columns and gives rows for OUT/NAME.csv; without it there is no such file.
lab.table = element("table", { columns = true, rows = true, csv = true })

--- What a sweep shows, as a figure, a table, a CSV and a sentence: see study.lua.
function lab.study(declaration)
  return require("study").declare(lab, declaration)
end

-- ---- what scripts ask about the run ---------------------------------------------------------

--- The sizes of the profile, from budget.lua.
function lab.budget()
  return budget[host().profile.name]
end

--- `n` seeds from `first` on.
function lab.seeds(first, n)
  local list = {}
  for i = 1, n do list[i] = first + i - 1 end
  return list
end

--- The data set that image runs use.
function lab.data()
  return require("datasets").name()
end

--- Records that have measurements.
function lab.measured(records)
  local list = {}
  for _, record in ipairs(records) do
    if record.status ~= "failed" then list[#list + 1] = record end
  end
  return list
end

--- One measurement of each record, by its path ("validation.accuracy"); those that have none, or
--- not a number, are left out.
function lab.values(records, path)
  local list = {}
  for _, record in ipairs(records) do
    local value = record
    for key in path:gmatch("[^.]+") do value = type(value) == "table" and value[key] or nil end
    if value and value == value then list[#list + 1] = value end
  end
  return list
end

--- The answer to a claim (verdict.lua): one measurement of each record that has it, and how many runs
--- there were. nil for no records.
function lab.sample(records, path)
  return records and { values = lab.values(records, path), runs = #records }
end

-- ---- chapters -------------------------------------------------------------------------------

local Chapter = {}
Chapter.__index = Chapter

local chapter_keys = { id = true, title = true, finding = true, runs = true, numbers = true,
  files = true, provides = true, foresees = true, expects = true, claims = true, uses_images = true,
  uses_policy = true, uses_seeds = true }

--- Checks a declaration and makes a chapter of it, without running anything.
---   finding       what came out, in a phrase with ${numbers}: a book's list of contents shows it
---   files         function of the results: { ["policy.csv"] = text, ... } written to OUT
---   provides      function of the chapter: a value for other chapters, e.g. the chosen policy
---   foresees      function: stands for `provides` in the plan, while the results are not there
---   expects       function: stands for `runs` in the plan, where they follow from such results
---   claims        function of the results: answers to claims of the paper by id, see verdict.lua
---   uses_images, uses_policy, uses_seeds   it depends on --data, --policy, --seeds: the command
---                 that repeats it names them, and what they name is looked at before anything runs
function lab.declare(declaration)
  local where = ("chapter '%s'"):format(declaration.id or "?")
  names.check(declaration, chapter_keys, where)
  for _, key in ipairs { "id", "title", "runs" } do
    if declaration[key] == nil then error(("%s: it has no %s"):format(where, key), 0) end
  end
  for i, item in ipairs(declaration) do
    local kind = type(item)
    if kind ~= "string" and kind ~= "function" and not (kind == "table" and item.element) then
      error(("%s: item %d is a %s; it can be prose, a figure, a table or a function of the results")
        :format(where, i, kind), 0)
    end
  end
  return setmetatable({ declaration = declaration, id = declaration.id, title = declaration.title,
    where = where }, Chapter)
end

--- A chapter with some keys or named lists of runs of its own and everything else of this one:
--- chapter:with { id = "part", title = "...", only = { "a", "b" } }.
function Chapter:with(changes)
  local copy = {}
  for key, value in pairs(self.declaration) do copy[key] = value end
  for key, value in pairs(changes) do copy[key] = value end
  copy.only = nil
  if changes.only then
    copy.runs = function()
      local part, all = {}, self:specs()
      for _, name in ipairs(changes.only) do
        part[name] = all[name] or error(("%s: no runs are named '%s'"):format(self.where, name), 0)
      end
      return part
    end
  end
  return lab.publish(lab.declare(copy))
end

--- `epsilon` (and epsilon_end, epsilon_over) beside a policy becomes the explore policy around it.
local function finish(spec)
  if spec.epsilon == nil then return spec end
  local copy = {}
  for key, value in pairs(spec) do copy[key] = value end
  copy.policy = lab.explore { epsilon = spec.epsilon, epsilon_end = spec.epsilon_end,
    epsilon_over = spec.epsilon_over, inner = spec.policy }
  copy.epsilon, copy.epsilon_end, copy.epsilon_over = nil, nil, nil
  return copy
end

--- While the plan is made nothing is computed: results are there if the store has them all.
local planning = false

--- The runs as declared, ready for the host: a list, or named lists.
function Chapter:specs()
  if self.ready then return self.ready end
  local runs = self.declaration.runs
  if type(runs) == "function" then runs = runs() end
  if type(runs) ~= "table" or next(runs) == nil then
    error(("%s: runs is no list of runs"):format(self.where), 0)
  end
  local ready = {}
  if runs[1] then
    for i, spec in ipairs(runs) do ready[i] = finish(spec) end
  else
    for name, list in pairs(runs) do
      ready[name] = {}
      for i, spec in ipairs(list) do ready[name][i] = finish(spec) end
    end
  end
  if not planning then self.ready = ready end
  return ready
end

--- The runs in one list, and the names of their groups in its order; `false` stands for none.
local function flatten(specs)
  local flat, groups = {}, specs[1] and { false } or names.keys(specs)
  for _, name in ipairs(groups) do
    local list = name and specs[name] or specs
    table.move(list, 1, #list, #flat + 1, flat)
  end
  return flat, groups
end

--- The records of the runs, in the shape of the runs. Runs them once.
function Chapter:results()
  if self.records then return self.records end
  local specs, records = self:specs(), {}
  local flat, groups = flatten(specs)
  if planning and not host().kept(flat) then error(timing.unknown, 0) end
  self.all = host().run(flat, { title = self.title, chapter = self.id })
  local next_record = 1
  for _, name in ipairs(groups) do
    local list = name and specs[name] or specs
    local part = table.move(self.all, next_record, next_record + #list - 1, 1, {})
    next_record = next_record + #list
    if name then records[name] = part else records = part end
  end
  self.records = records
  return records
end

--- What the chapter has for other chapters.
function Chapter:provides()
  if not planning or not self.declaration.foresees then return self.declaration.provides(self) end
  local ok, value = pcall(self.declaration.provides, self)
  if not ok and value ~= timing.unknown then error(value, 0) end
  return ok and value or self.declaration.foresees()
end

--- The runs as far as they can be known before anything is computed: a list, or nil.
function Chapter:planned()
  planning = true
  local ok, specs = pcall(self.specs, self)
  if not ok and specs == timing.unknown and self.declaration.expects then
    ok, specs = pcall(function()
      local list = self.declaration.expects()
      for i, spec in ipairs(list) do list[i] = finish(spec) end
      return list
    end)
  end
  planning = false
  if ok then return (flatten(specs)) end
  if specs ~= timing.unknown then error(specs, 0) end
end

--- Its answers to claims of the paper, by id.
function Chapter:answers()
  if not self.answered then
    self.answered = self.declaration.claims and self.declaration.claims(self:results()) or {}
    for id in pairs(self.answered) do claims.get(id) end
  end
  return self.answered
end

local function basename(path)
  return path:match("([^/\\]+)[/\\]*$") or path
end

--- The command that repeats the chapter; files by their names only, as paths differ.
function Chapter:command()
  local profile = host().profile
  local command = { ("build/synlab run experiments/%s.lua"):format(self.id) }
  local function flag(text, value)
    command[#command + 1] = value and ("--%s %s"):format(text, value) or "--" .. text
  end
  if profile.name == "quick" then flag "quick" end
  local uses = self.declaration
  if uses.uses_images and profile.data then flag("data", basename(profile.data)) end
  if uses.uses_policy and profile.policy then flag("policy", basename(profile.policy)) end
  if uses.uses_seeds then flag("seeds", ("%.0f"):format(profile.seeds)) end
  return table.concat(command, " ")
end

local function caption(item, fill)
  return fill(("**%s.** %s"):format(item.title, weave.dedent(item.caption)))
end

local function show_figure(item, results, fill)
  local panels = item.panels(results)
  if not panels then return ("**%s** is not drawn: its runs failed."):format(item.title) end
  local why = plot.render { name = item.name, columns = item.columns, panels = panels }
  if why then return ("**%s** is missing: %s."):format(item.title, why) end
  return weave.figure(item.name, item.title, caption(item, fill))
end

local function show_table(item, results, fill)
  if item.csv then
    local csv = item.csv(results)
    host().write(item.name .. ".csv", tables.csv(csv.columns, csv.rows))
  end
  return weave.table(caption(item, fill), item.columns, item.rows(results))
end

--- Runs the chapter and weaves it: Markdown, below the chapter's own heading, and its finding.
function Chapter:weave()
  local results, declaration = self:results(), self.declaration
  local blocks = {}
  local function add(text) blocks[#blocks + 1] = text end
  if #lab.measured(self.all) == 0 then
    add(("**No run of this chapter succeeded.** The first error: %s"):format(self.all[1].error))
    add(weave.repeat_line(self:command(), self.all))
    return table.concat(blocks, "\n\n")
  end
  local numbers = declaration.numbers and declaration.numbers(results) or {}
  local function filled(text)
    return weave.fill(weave.dedent(text), numbers, claims.text, self.where)
  end
  local function fill(text) return weave.wrap(filled(text)) end
  for _, item in ipairs(declaration) do
    if type(item) == "function" then item = item(results) end
    if type(item) == "string" then
      add(fill(item))
    elseif item then
      add((item.element == "figure" and show_figure or show_table)(item, results, fill))
      add(weave.repeat_line(self:command(), self.all))
    end
  end
  add(scoreboard.block(scoreboard.verdicts(self:answers(), true)))
  add(weave.failures(self.all))
  for name, text in pairs(declaration.files and declaration.files(results) or {}) do
    host().write(name, text)
  end
  return table.concat(blocks, "\n\n"), declaration.finding and filled(declaration.finding)
end

-- ---- pages ----------------------------------------------------------------------------------

--- Was the script that calls this reached by `require`? Then someone else decides what runs.
local function required()
  for level = 2, math.huge do
    local frame = debug.getinfo(level, "f")
    if not frame then return false end
    if frame.func == require then return true end
  end
end

--- The policy file given on the command line: { csv=, name= }, or nil. A run of no iterations tells
--- a bad one, once.
function lab.given_policy()
  local path = host().profile.policy
  if not path or lab.given then return lab.given end
  local csv, why = host().read(path)
  if not csv then error(why, 0) end
  local ok, message = pcall(host().run, { { task = "boundary", method = "synaptic", iterations = 0,
    policy = lab.table_policy(csv) } }, { title = "The policy file" })
  if not ok and message ~= host().later then error(("%s: %s"):format(path, message), 0) end
  lab.given = { csv = csv, name = basename(path) }
  return lab.given
end

--- Looks at what the command line names before anything runs: the data set, or nil if no chapter
--- uses images.
local function look_ahead(chapters)
  local data
  for _, chapter in ipairs(chapters) do
    local uses = chapter.declaration
    if uses.uses_policy then lab.given_policy() end
    if uses.uses_images then data = host().data(lab.data()) end
  end
  return data
end

--- One page of some chapters: see pages.lua.
local function write_page(name, title, intro, chapters, judged)
  pages.write { name = name, title = title, intro = intro, chapters = chapters, judged = judged,
    data = look_ahead(chapters) }
end

function lab.publish(chapter)
  if not required() then write_page(chapter.id, chapter.title, nil, { chapter }) end
  return chapter
end

--- Declares a chapter, and runs it if its file is the script.
function lab.chapter(declaration)
  return lab.publish(lab.declare(declaration))
end

--- A book: chapter files by name, in reading order, as one page. Reached by `require`, it is only
--- its declaration.
function lab.book(declaration)
  names.check(declaration, { name = true, title = true, intro = true, chapters = true }, "book")
  if required() then return declaration end
  local chapters = {}
  for i, name in ipairs(declaration.chapters) do chapters[i] = require(name) end
  write_page(declaration.name, declaration.title, declaration.intro, chapters, true)
end

return lab

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

local asked = require "runs.asked"
local budget = require "runs.budget"
local chapters = require "pages.chapter"
local declarations = require "pages.declarations"
local names = require "text.names"
local pages = require "pages.pages"
local records = require "runs.records"
local sweep = require "runs.sweep"

local function host()
  return require "synlab"
end

-- ---- words for declarations -----------------------------------------------------------------

lab.set = sweep.set
lab.sweep = sweep.expand
lab.zip = sweep.zip

local methods = { synaptic = "lab.synaptic", descent = "lab.descent" }

--- Options of Algorithm 1. `epsilon` wraps the policy: explore { epsilon, inner = policy }.
function lab.synaptic(options)
  return sweep.of_method("synaptic", methods, options)
end

function lab.descent(options)
  return sweep.of_method("descent", methods, options)
end

local function policy(name)
  local word = "lab." .. name
  return function(params)
    params = names.copy_named(word, params == nil and {} or params, "parameters")
    if params.name ~= nil then error(("%s: name is what %s says itself"):format(word, word), 0) end
    params.name = name
    return params
  end
end

lab.qtable = policy "qtable"
lab.random = policy "random"
lab.explore = policy "explore"

--- A rule of Lua as a policy: lab.rule("policies/rules/win_stay.lua", { param = value }).
lab.rule = require("runs.rule_files").policy

--- A reward in Lua in place of the reward options: reward = lab.reward("mine.lua", { flip = 0.1 }).
lab.reward = require("runs.rule_files").reward

--- Settings of a space for a search: lab.draw({ gain = { 0.1, 0.2 }, keep = { 0.9, 0.99 } }, 3, seed).
lab.draw = require("runs.draw").settings

--- A frozen table from the text of a policy file.
function lab.table_policy(csv)
  return { name = "table", csv = csv }
end

--- See plot.lua for panels; `panels` is a function of the results, nil = nothing to draw. `alt` says
--- what the figure shows, as a text with ${numbers} or a function of the results; without it the first
--- sentence of the caption does.
function lab.figure(declaration)
  return declarations.element("figure", declaration)
end

--- `csv` names columns and gives rows for OUT/NAME.csv; without it there is no such file.
function lab.table(declaration)
  return declarations.element("table", declaration)
end

--- What a sweep shows, as a figure, a table, a CSV and a sentence: see study.lua.
function lab.study(declaration)
  return require("study.study").declare(lab, declaration)
end

-- ---- what scripts ask about the run ---------------------------------------------------------

--- The sizes of the profile, from budget.lua.
function lab.budget()
  asked.look "quick"
  return budget[host().profile.name]
end

--- `n` seeds from `first` on; by default as many as --seeds says, from 1 on.
function lab.seeds(first, n)
  local list = {}
  first, n = first or 1, n or host().profile.seeds
  for i = 1, n do list[i] = first + i - 1 end
  return list
end

--- The data set that image runs use if they name none.
function lab.data()
  return require("runs.datasets").name()
end

--- Records that have measurements; one measurement of each; the answer to a claim: see records.lua.
lab.measured, lab.values, lab.sample = records.measured, records.values, records.sample
lab.paired = records.paired

-- ---- chapters -------------------------------------------------------------------------------

local without_page = 0 -- how many chapters were declared

--- Checks a declaration and makes a chapter of it, without running anything.
---   finding       what came out, in a phrase with ${numbers}: a book's list of contents shows it
---   files         function of the results: { ["policy.csv"] = text, ... } written to OUT
---   needs         names of chapters whose values it takes: all its functions get them by name, after
---                 the results; `runs` gets nothing else. They are computed before it
---   provides      function of the results: a table for chapters that need this one, e.g. the chosen
---                 policy; without it they get the results
---   foresees      function: stands for that in the plan, while the results are not there
---   instead       function: stands for that whatever the results are, if it gives something
---   claims        function of the results: answers to claims of the paper by id, see verdict.lua
---   own_claims    what the chapter claims itself, see own_claims.lua
---   shifts        function of the results: { label, pair }, what defensible choices change of synaptic RL
---                 without hidden units: see robustness.lua
---   uses_images, uses_policy, uses_authors, uses_seeds   it depends on --data, --policy, --authors,
---                 --seeds: the command that repeats it names them, and what they name is looked at before anything runs
function lab.declare(declaration)
  local chapter = chapters.new(declaration)
  chapter.with = lab.with
  without_page = without_page + 1
  return chapter
end

local given = {}

--- The policy file given on the command line as --policy, or as --authors: { csv=, name= }, or nil.
local function policy_file(option)
  local path = host().profile[option]
  if not path or given[option] then return given[option] end
  local csv, why = host().read(path)
  if not csv then error(why, 0) end
  local wrong = host().check_policy(lab.table_policy(csv))
  if wrong then error(("%s: %s"):format(path, wrong), 0) end
  given[option] = { csv = csv, name = path:match "([^/]+)/*$" or path }
  return given[option]
end

function lab.given_policy()
  return policy_file "policy"
end

function lab.authors_policy()
  return policy_file "authors"
end

--- What this program's scripts have declared, and it is to write, in that order.
local declared = {}

local function declare_page(value)
  declared[#declared + 1] = value
  return value
end

--- Declares a chapter: run as a script its file is a page.
function lab.chapter(declaration)
  local chapter = lab.declare(declaration)
  without_page = without_page - 1
  return declare_page(chapter)
end

--- chapter:with { id = "part", title = "...", only = { "a", "b" } }: see chapter.lua.
function lab.with(chapter, changes)
  return lab.chapter(chapter:changed(changes))
end

--- A book: chapter files by name, in reading order, as one page. `papers`: it gets REFORMS.md,
--- codecheck.yml and ro-crate-metadata.json, see papers.lua.
function lab.book(declaration)
  declarations.book(declaration)
  return declare_page(declaration)
end

--- Where a chapter stands, for the command that repeats it; and is that no place of the house?
local function placed(chapter, script)
  local house, profile = "experiments/", host().profile
  local from_root = profile.home .. "/" .. house
  chapter.script = script
  chapter.own = script:sub(1, #from_root) ~= from_root
    and not (script:gsub("^%./", ""):sub(1, #house) == house and (profile.at_home or not host().read(script)))
  return chapter
end

local function book_page(book)
  local list = {}
  for i, name in ipairs(book.chapters) do
    local chapter = require(name)
    if type(chapter) ~= "table" or not chapter.weave then
      error(("book '%s': %s.lua returns no chapter"):format(book.name, name), 0)
    end
    list[i] = placed(chapter, package.searchpath(name, package.path))
  end
  local judged = false -- is any claim of the paper answered?
  for _, chapter in ipairs(list) do judged = judged or chapter.declaration.claims ~= nil end
  return { name = book.name, title = book.title, intro = book.intro, chapters = list, book = true, judged = judged,
    papers = book.papers }
end

--- Writes the pages of what the script itself declared: not of what a module of it returns. What the
--- command line names is looked at before anything runs. Returns how many pages there are, and how many
--- chapters were declared by lab.declare, which writes none.
function lab.publish()
  local of_module = {}
  for _, value in pairs(package.loaded) do of_module[value] = true end
  local own = {}
  for _, value in ipairs(declared) do
    if not of_module[value] then own[#own + 1] = value end
  end
  for _, value in ipairs(own) do
    local page = not value.weave and book_page(value)
      or { name = value.id, title = value.title, chapters = { placed(value, host().profile.script) } }
    for _, chapter in ipairs(page.chapters) do
      if chapter.declaration.uses_policy then lab.given_policy() end
      if chapter.declaration.uses_authors then lab.authors_policy() end
    end
    pages.write(page)
  end
  return #own, without_page
end

--- A word that there is not: the nearest is named, with the place in the script.
setmetatable(lab, { __index = function(_, word)
  local at = debug.getinfo(2, "Sl")
  local near = names.nearest(tostring(word), names.keys(lab))
  error(("%s:%d: lab has no '%s'; %s"):format(at.short_src, at.currentline, tostring(word),
    near and ("did you mean '%s'?"):format(near) or "docs/reference.md lists what it has"), 0)
end })

return lab

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
local chapters = require "chapter"
local declarations = require "declarations"
local pages = require "pages"
local records = require "records"
local sweep = require "sweep"

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

--- See plot.lua for panels; `panels` is a function of the results, nil = nothing to draw.
function lab.figure(declaration)
  return declarations.element("figure", declaration)
end

--- `csv` names columns and gives rows for OUT/NAME.csv; without it there is no such file.
function lab.table(declaration)
  return declarations.element("table", declaration)
end

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

--- The data set that image runs use if they name none.
function lab.data()
  return require("datasets").name()
end

--- Records that have measurements; one measurement of each; the answer to a claim: see records.lua.
lab.measured, lab.values, lab.sample = records.measured, records.values, records.sample

-- ---- chapters -------------------------------------------------------------------------------

--- Was the script that calls this reached by `require`? Then someone else decides what runs. The
--- second value is its file.
local function required()
  for level = 2, math.huge do
    local frame = debug.getinfo(level, "f")
    if not frame then return false, host().profile.script end
    if frame.func == require then
      local _, name = debug.getlocal(level, 1)
      return true, type(name) == "string" and package.searchpath(name, package.path) or nil
    end
  end
end

--- Checks a declaration and makes a chapter of it, without running anything.
---   finding       what came out, in a phrase with ${numbers}: a book's list of contents shows it
---   files         function of the results: { ["policy.csv"] = text, ... } written to OUT
---   provides      function of the chapter: a value for other chapters, e.g. the chosen policy
---   foresees      function: stands for `provides` in the plan, while the results are not there
---   expects       function: stands for `runs` in the plan, where they follow from such results
---   claims        function of the results: answers to claims of the paper by id, see verdict.lua
---   own_claims    what the chapter claims itself, see own_claims.lua
---   uses_images, uses_policy, uses_seeds   it depends on --data, --policy, --seeds: the command
---                 that repeats it names them, and what they name is looked at before anything runs
function lab.declare(declaration)
  local _, script = required()
  local chapter = chapters.new(declaration, script)
  local home = host().profile.home
  chapter.own = not (home and script and script:sub(1, #home + 13) == home .. "/experiments/")
  chapter.with = lab.with
  return chapter
end

--- chapter:with { id = "part", title = "...", only = { "a", "b" } }: see chapter.lua.
function lab.with(chapter, changes)
  return lab.publish(lab.declare(chapter:changed(changes)))
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
  lab.given = { csv = csv, name = path:match "([^/]+)/*$" or path }
  return lab.given
end

--- One page of some chapters: see pages.lua. What the command line names is looked at before anything
--- runs.
local function write_page(page)
  for _, chapter in ipairs(page.chapters) do
    if chapter.declaration.uses_policy then lab.given_policy() end
  end
  pages.write(page)
end

function lab.publish(chapter)
  if not required() then
    write_page { name = chapter.id, title = chapter.title, chapters = { chapter } }
  end
  return chapter
end

--- Declares a chapter, and runs it if its file is the script.
function lab.chapter(declaration)
  return lab.publish(lab.declare(declaration))
end

--- A book: chapter files by name, in reading order, as one page. Reached by `require`, it is only
--- its declaration.
function lab.book(declaration)
  declarations.book(declaration)
  if required() then return declaration end
  local list = {}
  for i, name in ipairs(declaration.chapters) do
    list[i] = require(name)
    if type(list[i]) ~= "table" or not list[i].weave then
      error(("book '%s': %s.lua returns no chapter"):format(declaration.name, name), 0)
    end
  end
  write_page { name = declaration.name, title = declaration.title, intro = declaration.intro,
    chapters = list, judged = true }
end

return lab

--- A chapter at work: from its declaration to runs, records, and a part of a page. How it is declared
--- stands in experiment.lua, what can be wrong with that in declarations.lua.
local Chapter = {}
Chapter.__index = Chapter

local chapter = {}

local asked = require "runs.asked"
local claims = require "verdicts.claims"
local datasets = require "runs.datasets"
local declarations = require "pages.declarations"
local fields = require "text.fields"
local foreseen = require "runs.foreseen"
local names = require "text.names"
local own_claims = require "verdicts.own_claims"
local plot = require "pictures.plot"
local records = require "runs.records"
local repetition = require "runs.repetition"
local scoreboard = require "verdicts.scoreboard"
local study = require "study.study"
local tables = require "text.tables"
local weave = require "text.weave"

local function host()
  return require "synlab"
end

--- A chapter of a declaration.
function chapter.new(declaration)
  local where = declarations.chapter(declaration)
  return setmetatable({ declaration = declaration, id = declaration.id, title = declaration.title,
    where = where, made = {} }, Chapter) -- made: titles of its files by path
end

--- The declaration of a chapter with some keys or named lists of runs of its own and everything else
--- of this one: { id = "part", title = "...", only = { "a", "b" } }.
function Chapter:changed(changes)
  local copy = {}
  for key, value in pairs(self.declaration) do copy[key] = value end
  for key, value in pairs(changes) do copy[key] = value end
  copy.only = nil
  if changes.only then
    copy.runs = function(needs)
      local part, all = {}, self:specs(needs, false)
      for _, name in ipairs(changes.only) do
        part[name] = all[name] or error(("%s: no runs are named '%s'"):format(self.where, name), 0)
      end
      return part
    end
  end
  return copy
end

-- ---- functions of the script --------------------------------------------------------------------

--- Calls a function of the declaration. What it gives is of one of the types (a word or a list), and
--- an error in it is told with its place.
local function ask(self, what, call, types, ...)
  local at = debug.getinfo(call, "S")
  local place = ("%s:%d"):format(at.source:gsub("^@", ""), at.linedefined)
  local ok, value = xpcall(call, function(message) return host().trace(message, place) end, ...)
  if not ok then error(value, 0) end
  for _, name in ipairs(types) do
    if type(value) == name then return value end
  end
  error(("%s: %s (%s) gives a %s; it is to give a %s"):format(self.where, what, place, type(value),
    table.concat(types, " or a "):gsub(" or a nil", " or nothing")), 0)
end

--- The same where a list of tables is wanted.
local function ask_rows(self, what, call, types, ...)
  local list = ask(self, what, call, types, ...)
  for i, row in ipairs(list or {}) do
    if type(row) ~= "table" then
      error(("%s: %s: row %d is a %s, not a list"):format(self.where, what, i, type(row)), 0)
    end
  end
  return list
end

-- ---- runs ---------------------------------------------------------------------------------------

--- The explore policy around the spec's own: one table for all specs with the same, so that it is read
--- and checked once. `known` holds them by the policy and the three numbers.
local function exploring(spec, known)
  local at = known
  for _, key in ipairs { spec.policy or false, spec.epsilon, spec.epsilon_end or false,
    spec.epsilon_over or false } do
    at[key] = at[key] or {}
    at = at[key]
  end
  at.policy = at.policy or { name = "explore", epsilon = spec.epsilon,
    epsilon_end = spec.epsilon_end, epsilon_over = spec.epsilon_over, inner = spec.policy }
  return at.policy
end

--- `epsilon` (and epsilon_end, epsilon_over) beside a policy becomes the explore policy around it;
--- images that are not named are the usual ones.
local function finish(spec, known)
  local images = spec.task == "images" and spec.data == nil
  if spec.epsilon == nil and spec.epsilon_end == nil and spec.epsilon_over == nil and not images then
    return spec
  end
  local copy = {}
  for key, value in pairs(spec) do copy[key] = value end
  if images then copy.data = datasets.name() end
  if spec.epsilon ~= nil then
    copy.policy = exploring(spec, known)
    copy.epsilon, copy.epsilon_end, copy.epsilon_over = nil, nil, nil
  elseif spec.epsilon_end ~= nil or spec.epsilon_over ~= nil then
    error("epsilon_end and epsilon_over go with epsilon, which is not given", 0)
  end
  return copy
end

--- A list of runs, ready for the host.
local function finished(self, list)
  local ready, known = {}, {}
  for i, spec in ipairs(type(list) == "table" and list or {}) do
    if type(spec) ~= "table" then
      error(("%s: run %d is a %s, not a table of options"):format(self.where, i, type(spec)), 0)
    end
    ready[i] = finish(spec, known)
  end
  if #ready == 0 then error(("%s: runs is no list of runs"):format(self.where), 0) end
  return ready
end

--- The runs as declared, ready for the host: a list, or named lists. `needs` are the values that it
--- takes from other chapters, by name; those of `real` ones are kept.
function Chapter:specs(needs, real)
  if self.own_specs then return self.own_specs end
  local runs, ready = self.declaration.runs, {}
  if type(runs) == "function" then runs = ask(self, "runs", runs, { "table" }, needs or self:given()) end
  if next(runs) == nil or runs[1] then
    names.check_list(self.where .. ": runs", runs)
    ready = finished(self, runs)
  else
    for name, list in pairs(runs) do -- a list of names may be empty, not all of them
      ready[name] = type(list) == "table" and next(list) == nil and {} or finished(self, list)
    end
  end
  if real ~= false then self.own_specs = ready end
  return ready
end

--- The runs in one list, and the names of their groups in its order; `false` stands for none.
local function flatten(specs)
  local flat, groups = {}, (specs[1] or next(specs) == nil) and { false } or names.keys(specs)
  for _, name in ipairs(groups) do
    local list = name and specs[name] or specs
    table.move(list, 1, #list, #flat + 1, flat)
  end
  return flat, groups
end

--- What stands for each run in a list, in the shape of the runs.
local function shaped(specs, groups, list)
  local shape, at = {}, 1
  for _, name in ipairs(groups) do
    local n = #(name and specs[name] or specs)
    local part = table.move(list, at, at + n - 1, 1, {})
    at = at + n
    if name then shape[name] = part else shape = part end
  end
  return shape
end

--- Tries its studies on runs that are still to come.
local function check_studies(self, specs)
  local flat, groups = flatten(specs)
  local runs, seen = nil, {}
  for _, item in ipairs(self.declaration) do
    local shown = study.of(item)
    if shown and not seen[shown] then
      runs = runs or shaped(specs, groups, foreseen.records(flat, self.title))
      seen[shown] = true
      shown:check(runs)
    end
  end
end

--- A run on images of its own takes no others: --data that changes nothing is told.
local function check_data(self, specs)
  local given, own, images = asked.peek "data", nil, 0
  for _, spec in ipairs((flatten(specs))) do
    if spec.task == "images" then
      images = images + 1
      if spec.data == given then return end
      own = own or spec.data
    end
  end
  if given and images > 0 then
    error(("%s: its runs name their images themselves (%s), so --data %s changes nothing; leave it out")
      :format(self.where, tostring(own), given), 0)
  end
end

--- Looks at what can be known of its runs, once, before anything of it runs.
function Chapter:check()
  if self.checked then return end
  self.checked = true
  local specs = self:specs()
  check_data(self, specs)
  check_studies(self, specs)
end

-- ---- what chapters need of each other: see queue.lua ----------------------------------------------

--- The chapters that it needs.
function Chapter:needed()
  if not self.needs then
    self.needs, self.need_names = {}, self.declaration.needs or {}
    for key in pairs(self.need_names) do
      if math.type(key) ~= "integer" then
        error(("%s: needs has '%s = ...'; it is a list of names: needs = { \"policy\" }"):format(
          self.where, tostring(key)), 0)
      end
    end
    for i, name in ipairs(self.need_names) do
      if type(name) ~= "string" or not package.searchpath(name, package.path) then
        error(("%s: needs '%s', and there is no such chapter: no %s.lua beside the script or in experiments/"):format(
          self.where, tostring(name), tostring(name)), 0)
      end
      local chapter = require(name)
      if getmetatable(chapter) ~= Chapter then
        error(("%s: needs '%s', which returns no chapter"):format(self.where, name), 0)
      end
      self.needs[i] = chapter
    end
  end
  return self.needs
end

--- What it has for others; a slip in a name of it is an error.
local function provided(self, value)
  return fields.guard(value, ("what chapter '%s' provides"):format(self.id))
end

--- What stands for its value so that it need not run, or nil.
function Chapter:instead()
  local call = self.declaration.instead
  return provided(self, call and ask(self, "instead", call, { "table", "string", "number", "nil" }))
end

--- What it has for other chapters, by its records: what it provides, or the records themselves.
function Chapter:value(results, needs)
  local call = self.declaration.provides
  return not call and results or provided(self,
    ask(self, "provides", call, { "table", "string", "number" }, results, needs))
end

--- What stands for that in a plan, or nil.
function Chapter:foreseen_value()
  local call = self.declaration.foresees
  return provided(self, call and ask(self, "foresees", call, { "table", "string", "number" }))
end

--- Have the chapters that it needs all been computed, or does something stand for them?
function Chapter:ready()
  for _, need in ipairs(self:needed()) do
    if not need.records and not need.hindrance and need:instead() == nil then return false end
  end
  return true
end

--- Why it cannot be computed, or nil: what it needs has no value, since every run of that has failed.
function Chapter:hindered()
  for _, need in ipairs(self:needed()) do
    local none = need.records and need.declaration.provides and #records.measured(need.all) == 0
    if need:instead() == nil and (none or need.hindrance) then
      self.hindrance = none and ("it needs '%s', of which every run has failed"):format(need.id)
        or ("it needs '%s', and %s"):format(need.id, need.hindrance)
    end
  end
  return self.hindrance
end

--- The values of the chapters that it needs, by their names.
function Chapter:given()
  if self.values then return self.values end
  local values = {}
  for i, need in ipairs(self:needed()) do
    local value = need:instead()
    if value == nil then value = need:value(need:results(), need:given()) end
    values[self.need_names[i]] = value
  end
  self.values = fields.guard(values, "needs")
  return values
end

-- ---- its records ----------------------------------------------------------------------------------

--- The runs in one list.
function Chapter:flat(specs)
  return (flatten(specs or self:specs()))
end

--- The name of the list that each run stands in, in their order; none where there is one list.
function Chapter:groups()
  local specs, list = self:specs(), {}
  local _, groups = flatten(specs)
  for _, name in ipairs(groups) do
    for _ = 1, name and #specs[name] or 0 do list[#list + 1] = name end
  end
  return list
end

--- Raises a line if one of the runs cannot be.
function Chapter:try(specs)
  host().try((flatten(specs)), self.where)
end

--- The records of the runs in the shape of the runs, if the store has them all; else nil.
function Chapter:kept(specs)
  local flat, groups = flatten(specs)
  local list = host().kept(flat, self.where)
  return list and shaped(specs, groups, list)
end

--- Takes the records of its runs, in their order.
function Chapter:done(list)
  local specs = self:specs()
  local _, groups = flatten(specs)
  self.all, self.records = list, shaped(specs, groups, records.guarded(list))
  if groups[1] and self.own then fields.guard(self.records, "the results", groups) end
end

--- The records in the shape of the runs.
function Chapter:results()
  return self.records or error(self.where .. ": its runs are still to come; a chapter that takes "
    .. "them names it in `needs`, and its functions get them after the results", 0)
end

--- Its answers to claims of the paper, by id.
function Chapter:answers()
  if self.hindrance then return {} end
  if not self.answered then
    local given = self.declaration.claims
    self.answered = given and ask(self, "claims", given, { "table" },
      self:results(), self:given()) or {}
    for id in pairs(self.answered) do claims.get(id) end
  end
  return self.answered
end

--- Names of the image sets of its runs, as they were asked for; `specs`: of these runs.
function Chapter:images(specs)
  local list, seen = {}, {}
  if self.hindrance then return list end
  for _, spec in ipairs(self:flat(specs)) do
    if spec.task == "images" and not seen[spec.data] then
      seen[spec.data], list[#list + 1] = true, spec.data
    end
  end
  return list
end

-- ---- the page -----------------------------------------------------------------------------------

--- The command that repeats the chapter.
function Chapter:command()
  local uses, profile = self.declaration, host().profile
  local policy, seeds, images = uses.uses_policy, uses.uses_seeds, false
  for _, name in ipairs(self:images()) do images = images or name == asked.peek "data" end
  -- a script that does not say what it depends on may depend on all that was asked for in it
  if policy == nil then policy = self.own and asked.looked "policy" end
  if seeds == nil then seeds = self.own and profile.seeds_given and asked.looked "seeds" end
  return repetition.command(host(), self.script or self.id, { images = images or uses.uses_images,
    policy = policy, authors = uses.uses_authors, seeds = seeds })
end

local function caption(item, fill)
  return fill(("**%s** %s"):format(weave.sentence(item.title), weave.dedent(item.caption)))
end

--- What a figure shows, for readers who do not see it: its `alt`, filled or asked for; else the first
--- sentence of its caption.
local function alt_of(self, item, results, fill)
  local alt = item.alt or weave.dedent(item.caption):gsub("%s+", " "):match "^.-[.?!]%f[%s\0]"
    or item.caption
  if type(alt) == "function" then
    return ask(self, ("the alt of '%s'"):format(item.name), alt, { "string" }, results, self:given())
  end
  return fill(alt)
end

local function show_figure(self, item, results, fill)
  local panels = ask_rows(self, ("the panels of '%s'"):format(item.name), item.panels,
    { "table", "nil" }, results, self:given())
  if not panels then return ("**%s** is not drawn: its runs failed."):format(item.title) end
  local title, alt = fill(item.title), weave.plain(alt_of(self, item, results, fill))
  local why = plot.render { name = item.name, title = title, alt = alt, columns = item.columns,
    panels = panels }
  if why then return ("**%s** is missing: %s."):format(item.title, weave.literal(why)) end
  self.made["figures/" .. item.name] = fill(item.title)
  return weave.figure(item.name, alt, caption(item, fill))
end

local function show_table(self, item, results, fill)
  if item.csv then
    local what = ("the csv of '%s'"):format(item.name)
    local csv = ask(self, what, item.csv, { "table" }, results, self:given())
    if type(csv.columns) ~= "table" or type(csv.rows) ~= "table" then
      error(("%s: %s has no columns or no rows"):format(self.where, what), 0)
    end
    self.made[item.name .. ".csv"] = fill(item.title)
    host().write(item.name .. ".csv", tables.csv(csv.columns, csv.rows))
  end
  return weave.table(caption(item, fill), item.columns, ask_rows(self,
    ("the rows of '%s'"):format(item.name), item.rows, { "table" }, results, self:given()))
end

--- The verdicts on its own claims.
local function own_verdicts(self, results)
  local list = self.declaration.own_claims or {}
  local answers = {}
  for _, claim in ipairs(list) do
    answers[claim.id] = own_claims.checked(claim, ask(self, ("the answer to '%s'"):format(claim.id),
      claim.answer, { "table", "nil" }, results, self:given()), self.where)
  end
  return scoreboard.own(list, answers)
end

--- An item as Markdown, and whether it is a figure or a table.
local function show(self, i, item, results, fill)
  if type(item) == "function" then
    item = ask(self, ("item %d"):format(i), item, { "string", "table", "boolean", "nil" }, results,
      self:given())
    if type(item) == "string" then return weave.dedent(item) end
    if item == nil then
      host().say(("%s: item %d, a function, returned nothing, so nothing is shown; if that is meant, "
        .. "let it return false"):format(self.where, i))
    end
    if item and not item.element then
      error(("%s: item %d gives a table that is neither a figure nor a table of lab"):format(
        self.where, i), 0)
    end
  end
  if type(item) == "string" then return fill(item) end
  if item then
    return (item.element == "figure" and show_figure or show_table)(self, item, results, fill), true
  end
end

--- Weaves a chapter that has been computed: Markdown, below the chapter's own heading, and its finding.
--- `verdicts`: those of the whole page (scoreboard.lua).
function Chapter:weave(verdicts)
  if self.hindrance then
    return ("**Not computed:** %s."):format(self.hindrance), "not computed"
  end
  local results, declaration = self:results(), self.declaration
  local blocks = {}
  local function add(text) blocks[#blocks + 1] = text end
  local again = weave.repeat_line(self:command(), self.all)
  if #records.measured(self.all) == 0 then
    add(("**No run of this chapter succeeded.** The first error: %s"):format(weave.literal(self.all[1].error)))
    add(again)
    return table.concat(blocks, "\n\n")
  end
  local numbers = declaration.numbers
    and ask(self, "numbers", declaration.numbers, { "table" }, results, self:given())
    or {}
  local function filled(text)
    return weave.fill(weave.dedent(text), numbers, claims.text, self.where)
  end
  local function fill(text) return weave.wrap(filled(text)) end
  local repeated = false
  for i, item in ipairs(declaration) do
    local text, shown = show(self, i, item, results, fill)
    add(text)
    if shown then add(again) end
    repeated = repeated or shown
  end
  if not repeated then add(again) end
  local answers, mine = self:answers(), {}
  for _, result in ipairs(verdicts) do
    if answers[result.claim.id] then mine[#mine + 1] = result end
  end
  add(scoreboard.block(mine))
  local own = own_verdicts(self, results)
  if #own > 0 then
    self.made[self.id .. "-claims.csv"] = "Claims of the chapter: " .. self.title
    host().write(self.id .. "-claims.csv", scoreboard.csv(own))
  end
  add(scoreboard.block(own, "Claims of this chapter."))
  add(weave.failures(self.all, repetition.namer(self.all)))
  local files = declaration.files
    and ask(self, "files", declaration.files, { "table" }, results, self:given())
  for name, text in pairs(files or {}) do
    self.made[name] = "File of the chapter: " .. self.title
    host().write(name, text)
  end
  return table.concat(blocks, "\n\n"), declaration.finding and filled(declaration.finding)
end

return chapter

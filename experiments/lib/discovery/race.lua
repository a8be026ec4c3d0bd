--- The search: successive halving (Jamieson and Talwalkar, AISTATS 2016). Of each method as many settings are
--- drawn from its space; all of them are run for a few evaluations, the best go on to more, the best of
--- these to the end. Methods do not compete here: each has the same care.
---
--- A setting is judged by its mean accuracy over the tasks, and on each task over a quarter, a half and all of
--- its evaluations: good early and good late. Images are those of the training part of one split; a quarter
--- of these is held out to validate on. The validation part is not looked at.
local race = {}

local boundary = require "setups.boundary"
local format = require "text.format"
local images = require "setups.images"
local lab = require "experiment"
local methods = require "discovery.methods"
local stats = require "statistics.stats"

local function budget() return lab.budget().search end

-- ---- settings ------------------------------------------------------------------------------------

--- The first n of a random order of a method's settings, which depends on its name alone.
function race.settings(method, n)
  local x = budget().draw
  for i = 1, #method.key do x = (x * 31 + method.key:byte(i)) % 2147483646 + 1 end
  return lab.draw(method.space, n, x - 1)
end

-- ---- tasks ---------------------------------------------------------------------------------------

local function of_images(net, data)
  return { path = "validation_accuracy", rate = 1e-4, set = lab.set { task = "images", net = net,
    data = data, batch_size = 0, batch_interval = 0, split_seed = budget().split_seed, held_out = 0.25 } }
end

--- What a setting is tried on: a list of { key, title, path of its accuracy in the curve, rate, set }.
local function tasks()
  local usual, letters = images.set(), images.set "letters"
  local list = {
    { key = "boundary", title = "boundary", path = "accuracy", rate = 0.001, set = boundary.options() } }
  local function add(key, title, task)
    task.key, task.title = key, title
    list[#list + 1] = task
  end
  if usual.digest ~= letters.digest then
    add("letters", "built-in letters", of_images(images.net({}, "letters"), "letters"))
  end
  add("flat", images.name {}, of_images(images.net {}, lab.data()))
  add("deep", images.name { 32 }, of_images(images.net { 32 }, lab.data()))
  return list
end

--- Runs of a setting on a task.
local function runs_of(method, setting, task, rung, needs)
  local points = rung.evaluations // 4
  return lab.sweep { task.set, methods.options(method, setting, task.rate, needs),
    iterations = rung.evaluations, curve_every = points,
    validate_every = task.path == "validation_accuracy" and points or nil,
    seeds = lab.seeds(budget().first_seed, rung.seeds) }
end

--- Mean accuracy at a quarter, a half and the end; of a run that failed, 0.
local function anytime(record, path)
  if record.status == "failed" then return 0 end
  local at = {}
  for i, iteration in ipairs(record.curve.iteration) do at[iteration] = record.curve[path][i] end
  local n = record.spec.iterations
  return ((at[n // 4] or 0) + (at[n // 4 * 2] or 0) + (at[n // 4 * 4] or 0)) / 3
end

-- ---- rungs ---------------------------------------------------------------------------------------

local function name_of(method, i, task)
  return ("%s %d %s"):format(method.key, i, task.key)
end

--- The settings that a method has on a rung, from those of the rung before.
local function settings_of(method, number, before)
  local n = budget().rungs[number].settings
  return before and table.move(before[method.key], 1, math.min(n, #before[method.key]), 1, {})
    or race.settings(method, n)
end

--- The settings of a method, best first: a list of { setting, score, by_task }.
local function ranked(method, settings, results)
  local list = {}
  for i, setting in ipairs(settings) do
    local entry, sum = { setting = setting, by_task = {}, place = i }, 0
    local all = tasks()
    for k, task in ipairs(all) do
      local scores = {}
      for j, record in ipairs(results[name_of(method, i, task)]) do scores[j] = anytime(record, task.path) end
      entry.by_task[k] = stats.mean(scores)
      sum = sum + entry.by_task[k]
    end
    entry.score = sum / #all
    list[i] = entry
  end
  table.sort(list, function(a, b)
    if a.score ~= b.score then return a.score > b.score end
    return a.place < b.place
  end)
  return list
end

--- Lua text of the best setting of each method.
local function found(best)
  local first
  for _, method in ipairs(methods.list) do
    if not first or best[method.key][1].score > best[first][1].score then first = method.key end
  end
  local lines = { "--- Found by the search, `make search`: the best setting of each method in the last rung, and which of all",
    "--- was the best there.", "return {", ("  best = %q,"):format(first) }
  for _, method in ipairs(methods.list) do
    local names, said = {}, {}
    for name in pairs(best[method.key][1].setting) do names[#names + 1] = name end
    table.sort(names)
    for i, name in ipairs(names) do said[i] = ("%s = %.14g"):format(name, best[method.key][1].setting[name]) end
    lines[#lines + 1] = ("  [%q] = { %s },"):format(method.key, table.concat(said, ", "))
  end
  lines[#lines + 1] = "}\n"
  return table.concat(lines, "\n")
end

local function rows(best)
  local list = {}
  for i, method in ipairs(methods.list) do
    local first = best[method.key][1]
    local row = { method.title, #best[method.key], format.percent(first.score, 2) }
    for _, accuracy in ipairs(first.by_task) do row[#row + 1] = format.percent(accuracy) end
    row[#row + 1] = methods.words(first.setting)
    list[i] = row
  end
  return list
end

local function panels(best)
  local list = {}
  for i, method in ipairs(methods.list) do
    local all = best[method.key]
    list[i] = { label = method.title, x = 100 * all[1].score, low = 100 * all[#all].score,
      high = 100 * all[1].score }
  end
  return { { kind = "forest", rows = list, title = "Best setting, and down to the worst", bounds = { 0, 100 },
    xlabel = "score: mean accuracy over tasks and times (%)" } }
end

local NAMES = { "search-first", "search-second", "search-last" }

--- The chapter of a rung.
function race.rung(number)
  local rung, last, before = budget().rungs[number], number == #NAMES, NAMES[number - 1]
  local function prior(needs) return before and needs[before] end
  local function best_of(results, needs)
    local best = {}
    for _, method in ipairs(methods.list) do
      best[method.key] = ranked(method, settings_of(method, number, prior(needs)), results)
    end
    return best
  end
  local columns = { "Method", { "Settings", align = "right" }, { "Score", align = "right" } }
  for _, task in ipairs(tasks()) do columns[#columns + 1] = { task.title, align = "right" } end
  columns[#columns + 1] = "Best setting"
  return lab.chapter {
    id = NAMES[number],
    title = ("The search, rung %d of %d: %s"):format(number, #NAMES,
      format.counted(rung.evaluations, "evaluation")),
    finding = "best score ${score}: ${winner}",
    uses_images = true, uses_policy = true,
    needs = { "policy", before },
    ([[
    ${settings} of each method, %s; ${tasks}. A score is the mean accuracy over the
    tasks, on each at a quarter, a half and all of the evaluations; images are those of the training part
    of one split, of which a quarter is held out to validate on.]]):format(number == 1
      and "drawn from its space" or "the best of the rung before"),
    runs = function(needs)
      local named = {}
      for _, method in ipairs(methods.list) do
        for i, setting in ipairs(settings_of(method, number, prior(needs))) do
          for _, task in ipairs(tasks()) do
            named[name_of(method, i, task)] = runs_of(method, setting, task, rung, needs)
          end
        end
      end
      return named
    end,
    lab.figure { name = NAMES[number], title = ("Settings after %s"):format(
        format.counted(rung.evaluations, "evaluation")), columns = 1,
      caption = "Of each method the score of its best setting, and the range down to its worst.",
      panels = function(results, needs) return panels(best_of(results, needs)) end },
    lab.table { name = NAMES[number], title = "Best settings", columns = columns,
      caption = "rate: multiples of the task's own (0.001 on the boundary, 0.0001 on images).",
      rows = function(results, needs) return rows(best_of(results, needs)) end,
      csv = function(results, needs)
        local list, best = {}, best_of(results, needs)
        for _, method in ipairs(methods.list) do
          for place, entry in ipairs(best[method.key]) do
            list[#list + 1] = { method.key, place, entry.score, methods.words(entry.setting) }
          end
        end
        return { columns = { "method", "place", "score", "setting" }, rows = list }
      end },
    numbers = function(results, needs)
      local best, names, winner = best_of(results, needs), {}, nil
      for _, method in ipairs(methods.list) do
        local first = best[method.key][1]
        if not winner or first.score > winner.score then winner = { score = first.score, title = method.title } end
      end
      for i, task in ipairs(tasks()) do names[i] = task.title end
      return { score = format.percent(winner.score), winner = winner.title,
        settings = format.counted(rung.settings, "setting"),
        tasks = ("on %s, %s"):format(table.concat(names, ", "), format.counted(rung.seeds, "seed")) }
    end,
    files = last and function(results, needs) return { ["search-found.lua"] = found(best_of(results, needs)) } end
      or nil,
    foresees = function()
      local list = {}
      for _, method in ipairs(methods.list) do list[method.key] = race.settings(method, rung.settings) end
      return list
    end,
    provides = function(results, needs)
      local best = best_of(results, needs)
      for key, entries in pairs(best) do
        for i, entry in ipairs(entries) do entries[i] = entry.setting end
        best[key] = entries
      end
      return best
    end,
  }
end

return race

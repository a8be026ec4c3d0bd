--- The search: successive halving (Jamieson and Talwalkar, AISTATS 2016). Of each method as many settings are
--- drawn from its space; all of them are run for a few evaluations, the best go on to more, the best of
--- these to the end. Methods do not compete here: each has the same care.
---
--- A setting is judged by its accuracy after a half and after all of its evaluations, over its tasks. Images are
--- those of the training part of one split; a quarter of these is held out to validate on. The validation part is
--- not looked at.
local race = {}

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

local function of_images(key, hidden)
  return { key = key, title = images.name(hidden), set = lab.set { task = "images", net = images.net(hidden),
    data = lab.data(), batch_size = 0, batch_interval = 0, split_seed = budget().split_seed, held_out = 0.25 } }
end

--- What the settings of a method are tried on in a rung: a list of { key, title, set }.
local function tasks(rung, method)
  local list = { of_images("flat", {}) }
  if rung.deep and not (method and method.flat) then list[2] = of_images("deep", { 32 }) end
  return list
end

--- Runs of a setting on a task.
local function runs_of(method, setting, task, rung, needs)
  local half = rung.evaluations // 2
  return lab.sweep { task.set, methods.options(method, setting, 1e-4, needs), iterations = rung.evaluations,
    curve_every = half, validate_every = half, seeds = lab.seeds(budget().first_seed, rung.seeds) }
end

--- Mean accuracy after a half and after all of the evaluations; of a run that failed, 0.
local function score(record)
  if record.status == "failed" then return 0 end
  local at = {}
  for i, iteration in ipairs(record.curve.iteration) do at[iteration] = record.curve.validation_accuracy[i] end
  local half = record.spec.iterations // 2
  return ((at[half] or 0) + (at[2 * half] or 0)) / 2
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
local function ranked(method, settings, results, rung)
  local list = {}
  for i, setting in ipairs(settings) do
    local entry, sum = { setting = setting, by_task = {}, place = i }, 0
    local all = tasks(rung, method)
    for k, task in ipairs(all) do
      local scores = {}
      for j, record in ipairs(results[name_of(method, i, task)]) do scores[j] = score(record) end
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

--- The method with the best score, of those that are searched on all tasks.
local function winner(best)
  local first
  for _, method in ipairs(methods.list) do
    if not method.flat and (not first or best[method.key][1].score > best[first.key][1].score) then first = method end
  end
  return first
end

--- Lua text of the best setting of each method.
local function found(best)
  local lines = { "--- Found by the search, `make search`: the best setting of each method in the last rung, and",
    "--- the best method of those that are searched on all tasks.", "return {",
    ("  best = %q,"):format(winner(best).key) }
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

local function rows(best, rung)
  local list = {}
  for i, method in ipairs(methods.list) do
    local first = best[method.key][1]
    local row = { method.title, #best[method.key], format.percent(first.score, 2) }
    for k in ipairs(tasks(rung)) do
      row[#row + 1] = first.by_task[k] and format.percent(first.by_task[k], 2) or "–"
    end
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
    xlabel = "score: mean accuracy (%)" } }
end

local NAMES = { "search-first", "search-second", "search-last" }

--- The chapter of a rung.
function race.rung(number)
  local rung, last, before = budget().rungs[number], number == #NAMES, NAMES[number - 1]
  local function prior(needs) return before and needs[before] end
  local function best_of(results, needs)
    local best = {}
    for _, method in ipairs(methods.list) do
      best[method.key] = ranked(method, settings_of(method, number, prior(needs)), results, rung)
    end
    return best
  end
  local columns = { "Method", { "Settings", align = "right" }, { "Score", align = "right" } }
  for _, task in ipairs(tasks(rung)) do columns[#columns + 1] = { task.title, align = "right" } end
  columns[#columns + 1] = "Best setting"
  return lab.chapter {
    id = NAMES[number],
    title = ("The search, rung %d of %d: %s"):format(number, #NAMES,
      format.counted(rung.evaluations, "evaluation")),
    finding = "best score ${score}: ${winner}",
    uses_images = true, uses_policy = true,
    needs = { "policy", before },
    ([[
    ${settings} of each method, %s; ${tasks}. A score is the mean accuracy after a half and after all of
    the evaluations; images are those of the training part of one split, of which a quarter is held out to
    validate on.]]):format(number == 1
      and "drawn from its space" or "the best of the rung before"),
    runs = function(needs)
      local named = {}
      for _, method in ipairs(methods.list) do
        for i, setting in ipairs(settings_of(method, number, prior(needs))) do
          for _, task in ipairs(tasks(rung, method)) do
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
      caption = "rate: multiples of the paper's, 0.0001.",
      rows = function(results, needs) return rows(best_of(results, needs), rung) end,
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
      local best, names = best_of(results, needs), {}
      local first = winner(best)
      for i, task in ipairs(tasks(rung)) do names[i] = task.title end
      return { score = format.percent(best[first.key][1].score, 2), winner = first.title,
        settings = format.counted(rung.settings, "setting"),
        tasks = ("on %s, %s"):format(table.concat(names, " and "), format.counted(rung.seeds, "seed")) }
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

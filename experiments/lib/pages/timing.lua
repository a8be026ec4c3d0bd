--- Time: the plan that is told before a book begins, and what its chapters took.
local timing = {}

local format = require "text.format"
local tables = require "text.tables"

local function host()
  return require "synlab"
end

-- ---- before ---------------------------------------------------------------------------------

local function pad(text, width)
  return text .. (" "):rep(width - (utf8.len(text) or #text))
end

--- "20 runs, 12 to compute, about 3 min 20 s"
local function forecast(runs, missing, seconds, cores)
  if missing == 0 then return format.counted(runs, "run") .. ", none to compute" end
  return ("%s, %s to compute, about %s"):format(format.counted(runs, "run"),
    missing == runs and "all" or format.count(missing), format.duration(seconds / cores))
end

--- Says a line for each of `chapters`, a list of { title =, specs = list of runs or nil }. The
--- seconds come from short trials on this machine; a chapter without specs is not in the sum.
function timing.plan(chapters)
  local all, width = {}, #"in all"
  for _, chapter in ipairs(chapters) do
    table.move(chapter.specs or {}, 1, #(chapter.specs or {}), #all + 1, all)
    width = math.max(width, utf8.len(chapter.title) or #chapter.title)
  end
  local jobs, cores = host().profile.jobs, host().profile.cores
  host().say(("Plan, on %s%s:"):format(format.counted(math.min(jobs, cores), "core"),
    jobs > cores and (", which %s share"):format(format.counted(jobs, "job")) or ""))
  cores = math.min(jobs, cores)
  local seconds, at = host().estimate(all), 0
  local total, missing, unknown = 0, 0, false
  for _, chapter in ipairs(chapters) do
    local words
    if chapter.specs then
      local sum, n = 0, 0
      for i = at + 1, at + #chapter.specs do
        sum, n = sum + seconds[i], n + (seconds[i] ~= 0 and 1 or 0)
      end
      words = forecast(#chapter.specs, n, sum, cores)
      at, total, missing = at + #chapter.specs, total + sum, missing + n
    else
      words, unknown = "its runs follow from results that are not there yet", true
    end
    host().say(("  %s  %s"):format(pad(chapter.title, width), words))
  end
  host().say(("  %s  %s%s"):format(pad("in all", width), forecast(#all, missing, total, cores),
    unknown and ", and what is not known yet" or ""))
end

-- ---- after ----------------------------------------------------------------------------------

--- Sorts chapters as the page has them; others, whose results it asked for, come last.
local function in_order(chapters, order)
  local place = {}
  for i, chapter in ipairs(chapters) do place[chapter.id] = #order + i end
  for i, id in ipairs(order) do place[id] = i end
  table.sort(chapters, function(a, b) return place[a.id] < place[b.id] end)
end

local function moment(seconds)
  return os.date("!%Y-%m-%dT%H:%M:%SZ", math.floor(seconds))
end

--- What each chapter of the page took, { { id, runs, computed, seconds }, ... } in the page's
--- `order`, from the records; all of it, { runs, seconds }; and for the manifest { wall =, began =, ended
--- =, computed = { [id] = runs } }. `wall` is what passed on the clock until `now`, by default this moment.
--- A chapter of which nothing was computed now keeps the count of when it was, and a page of which nothing
--- was keeps its times, if the page of before is of the same runs: so the same page is written again.
function timing.took(page, wall, order, now)
  local before = host().written(page)
  local old, same, times = {}, before.ended ~= nil, { computed = {} }
  for _, chapter in ipairs(before.chapters or {}) do old[chapter.id] = chapter end
  local chapters, total = host().chapters()
  in_order(chapters, order)
  for _, chapter in ipairs(chapters) do
    local was = old[chapter.id]
    if chapter.computed == 0 and was and was.runs == chapter.runs and was.seconds == chapter.seconds then
      chapter.computed = was.computed
    else
      same = false
    end
    times.computed[chapter.id] = chapter.computed
  end
  now = now or os.time()
  if not same then before = { wall = wall, began = moment(now - wall), ended = moment(now) } end
  for _, name in ipairs { "wall", "began", "ended" } do times[name] = before[name] end
  return chapters, total, times
end

--- The same as a table for the page; `titles` by id.
function timing.table(chapters, total, titles)
  local rows, computed = {}, 0
  for _, c in ipairs(chapters) do
    rows[#rows + 1] = { titles[c.id] or c.id, format.count(c.runs), format.count(c.computed),
      format.count(c.runs - c.computed), format.duration(c.seconds) }
    computed = computed + c.computed
  end
  rows[#rows + 1] = { "**all, each run once**", format.count(total.runs), format.count(computed),
    format.count(total.runs - computed), format.duration(total.seconds) }
  local columns = { "Chapter" }
  for i, name in ipairs { "Runs", "Computed", "From the store", "Computing" } do
    columns[i + 1] = { name, align = "right" }
  end
  return tables.markdown(columns, rows)
end

--- In a sentence, what passed on the clock.
function timing.words(times)
  return ("From the plan to the page %s passed on the clock."):format(format.duration(times.wall))
end

return timing

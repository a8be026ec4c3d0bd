--- Chapters and what they need of each other: in which order they can be computed, which of their runs
--- are known before anything is, and all of their runs in one queue, so that no core waits for a
--- chapter to end.
local queue = {}

local fields = require "text.fields"
local repetition = require "runs.repetition"

local function host()
  return require "synlab"
end

local function place_of(list, wanted)
  for i, item in ipairs(list) do
    if item == wanted then return i end
  end
end

--- The chapters and all that they need, each after what it needs, and how many wait for each, one
--- after the other: { chapter, ... }, { [chapter] = rank }. A chapter that only others need is left
--- out where a value stands for it.
function queue.order(chapters)
  local order, rank, path = {}, {}, {}
  local function visit(chapter, waiting)
    local first = place_of(path, chapter)
    if first then
      local circle = {}
      for i = first, #path do circle[#circle + 1] = path[i].id end
      error(("%s: it needs itself: %s, %s"):format(chapter.where, table.concat(circle, ", "),
        chapter.id), 0)
    end
    path[#path + 1] = chapter
    for _, need in ipairs(chapter:needed()) do
      if place_of(chapters, need) or need:instead() == nil then visit(need, waiting + 1) end
    end
    path[#path] = nil
    rank[chapter] = math.max(rank[chapter] or 0, waiting)
    if not place_of(order, chapter) then order[#order + 1] = chapter end
  end
  for _, chapter in ipairs(chapters) do visit(chapter, 0) end
  return order, rank
end

--- What is known before anything is computed, in that order: a list of { chapter, specs, real }. `real`
--- is false where something stands for a value that is not there yet, and `specs` nil where nothing can.
function queue.foreseen(chapters)
  local list, value, stands_in, needed = {}, {}, {}, {}
  local order = queue.order(chapters)
  for _, chapter in ipairs(order) do
    for _, need in ipairs(chapter:needed()) do needed[need] = true end
  end
  for _, chapter in ipairs(order) do
    local given, known, real = {}, true, true
    for i, need in ipairs(chapter:needed()) do
      local own = need:instead()
      if own == nil then
        own = value[need]
        real = real and not stands_in[need]
      end
      given[chapter.need_names[i]], known = own, known and own ~= nil
    end
    fields.guard(given, "needs")
    real = known and real
    local entry = { chapter = chapter, real = real, specs = known and chapter:specs(given, real) or nil }
    list[#list + 1] = entry
    if real and not needed[chapter] then chapter:try(entry.specs) end
    local records = real and needed[chapter] and chapter:kept(entry.specs)
    if records then
      value[chapter] = chapter:value(records, given)
    elseif needed[chapter] then
      value[chapter], stands_in[chapter] = chapter:foreseen_value(), true
    end
  end
  return list
end

--- Computes the runs of chapters, and of what they need, under one title.
function queue.compute(chapters, title)
  local order, rank = queue.order(chapters)
  local waiting = table.move(order, 1, #order, 1, {})
  local runs <close> = host().queue(title)
  local of_group = {}
  local function add_ready()
    local changed = false
    for i = #waiting, 1, -1 do
      local chapter = waiting[i]
      if chapter:ready() and chapter:hindered() then
        table.remove(waiting, i)
        changed = true -- what needs it is ready now, too
      elseif chapter:ready() then
        table.remove(waiting, i)
        local group = runs:add(chapter:flat(), chapter.title, rank[chapter])
        of_group[group] = chapter
      end
    end
    return changed and add_ready()
  end
  add_ready()
  for group in runs.wait, runs do
    local chapter, records = of_group[group], runs:records(group)
    chapter:done(records)
    local name
    for i, record in ipairs(records) do
      if record.status == "failed" then
        name = name or repetition.namer(records)
        runs:name(group, i, name(record))
      end
    end
    add_ready()
  end
  local groups = {}
  for group, chapter in pairs(of_group) do groups[chapter] = group end
  for _, chapter in ipairs(order) do
    if groups[chapter] then runs:note(groups[chapter], chapter.id) end
  end
end

return queue

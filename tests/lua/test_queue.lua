-- The order of chapters that need each other, and what is known of them before anything runs.
local check, queue = require "check", require "pages.queue"
local test, same = check.test, check.same

--- A chapter as far as the queue asks: what it needs, what it has, and whether the store has its runs.
local function chapter(id, needs, more)
  local self = { id = id, where = "chapter '" .. id .. "'", title = id, needs = needs or {} }
  for key, value in pairs(more or {}) do self[key] = value end
  function self:needed()
    self.need_names = {}
    for i, need in ipairs(self.needs) do self.need_names[i] = need.id end
    return self.needs
  end
  function self:hindered() return self.hindrance end
  function self:instead() return self.stands end
  function self:ready()
    for _, need in ipairs(self.needs) do
      if not need.records and not need.stands then return false end
    end
    return true
  end
  function self:specs(given)
    local list = { id }
    for _, need in ipairs(self.needs) do list[#list + 1] = given and given[need.id] or "?" end
    return list
  end
  function self:flat() return self:specs() end
  function self:kept() return self.stored end
  function self:value(records) return records end
  function self:foreseen_value() return self.guess end
  function self:done(list) self.records = list end
  return self
end

local function ids(list)
  local names = {}
  for i, item in ipairs(list) do names[i] = item.id end
  return table.concat(names, " ")
end

test("queue.order: what is needed comes first, each once, and ranks by what waits for it", function()
  local a = chapter "a"
  local b = chapter("b", { a })
  local c, d = chapter("c", { b }), chapter("d", { a, b })
  local order, rank = queue.order { d, c, a }
  same(ids(order), "a b d c")
  same({ rank[a], rank[b], rank[c], rank[d] }, { 2, 1, 0, 0 })
end)

test("queue.order: a value that stands for a chapter spares it, but not where it is shown", function()
  local a = chapter("a", {}, { stands = { 1 } })
  local b = chapter("b", { a })
  same(ids((queue.order { b })), "b")
  same(ids((queue.order { b, a })), "a b")
end)

test("queue.order: chapters that need each other in a circle are named", function()
  local a, b = chapter "a", chapter "b"
  a.needs, b.needs = { b }, { a }
  check.fails("chapter 'a': it needs itself: a, b, a", queue.order, { a })
end)

test("queue.foreseen: real where the store has what is needed, else by what stands for it", function()
  local a = chapter("a", {}, { stored = "A", guess = "a?" })
  local b = chapter("b", { a }, { guess = "b?" })
  local c = chapter("c", { b })
  local d = chapter("d", { c }) -- nothing stands for c
  local list = queue.foreseen { d, c }
  same(ids { list[1].chapter, list[2].chapter, list[3].chapter, list[4].chapter }, "a b c d")
  same({ list[1].real, list[2].real, list[3].real, list[4].real }, { true, true, false, false })
  same(list[2].specs, { "b", "A" })
  same(list[3].specs, { "c", "b?" })
  same(list[4].specs, nil)
end)

test("queue.compute: chapters join when what they need is done, and are noted in order", function()
  local a, b, lone = chapter "a", nil, chapter "lone"
  b = chapter("b", { a })
  local said, groups, open = {}, {}, {}
  local fake = setmetatable({
    add = function(_, specs, title, rank)
      groups[#groups + 1] = specs
      said[#said + 1] = ("add %s rank %d"):format(title, rank)
      open[#open + 1] = #groups
      table.sort(open, function(x, y) return groups[x][1] == "lone" and groups[y][1] ~= "lone" or
        groups[x][1] < groups[y][1] and groups[y][1] ~= "lone" end)
      return #groups
    end,
    wait = function() return table.remove(open) end,
    records = function(_, group) return { groups[group][1] } end,
    note = function(_, _, id) said[#said + 1] = "note " .. id end,
  }, { __close = function() said[#said + 1] = "closed" end })
  local real = package.loaded.synlab
  package.loaded.synlab = { queue = function() return fake end }
  local ok, why = pcall(queue.compute, { b, lone }, "title")
  package.loaded.synlab = real
  if not ok then error(why, 0) end
  same(table.concat(said, ", "),
    "add lone rank 0, add a rank 1, add b rank 0, note a, note b, note lone, closed")
end)

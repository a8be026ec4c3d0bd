-- The learned policies as a picture: what all seeds of Figure 1 have found.
local lab = require "experiment"
local boundary = require "setups.boundary"
local format = require "text.format"
local greedy = require "setups.greedy"
local pasts = require "pictures.pasts"
local stats = require "statistics.stats"

local KINDS = { { "average", "Averaged tables", "A" }, { "final", "Final tables", "B" } }

local function tables_of(results, kind)
  local list = {}
  for _, record in ipairs(lab.measured(results)) do
    local csv = record.policies and record.policies[kind]
    if csv then list[#list + 1] = greedy.read(csv) end
  end
  return list
end

--- The pasts of the picture's columns, or of its rows: every `step`th state's symbols from `from` on.
local function pasts_of(step, count, from)
  local list, states = {}, greedy.states()
  for i = 0, count - 1 do list[i + 1] = table.move(states[i * step + 1], from, from + 1, 1, {}) end
  return list
end

local function panel(results, kind)
  local tables = tables_of(results, kind[1])
  if #tables == 0 then return nil end
  local xlabel, ylabel = pasts.names(2)
  return { kind = "heat", label = kind[3],
    title = ("%s of %s"):format(kind[2], format.counted(#tables, "seed")),
    values = greedy.mean(tables), cells = 9, high = 4, range = { 0, 9 }, scale = { -1, 1 },
    xticks = pasts.ticks(pasts_of(1, 9, 1)), yticks = pasts.ticks(pasts_of(9, 4, 3), true),
    flat = true, xlabel = xlabel, ylabel = ylabel,
    cblabel = "mean greedy action" }
end

local function row(results, kind)
  local tables, odd, all = tables_of(results, kind[1]), {}, 0
  if #tables == 0 then return { kind[2], "–", "–", "–", "–" } end
  for i, one in ipairs(tables) do odd[i] = greedy.odd(one) end
  local agreement = greedy.agreement(tables)
  for _, share in ipairs(agreement) do
    if share >= 0.8 then all = all + 1 end
  end
  return { kind[2], #tables, format.percent(stats.mean(agreement)),
    ("%d of %d"):format(all, #agreement), format.percent(stats.mean(odd)) }
end

return lab.chapter {
  id = "picture",
  title = "The learned policy as a picture",
  finding = "averaged tables agree in ${average} of the cases, those that training ends with in "
    .. "${final}",

  [[
  A table of history 2 holds an action for each of 36 pasts (two moves, two rewards of ±1). Here are
  the greedy actions of the tables that the ${seeds} of Figure 1 ended with: averaged
  over time, and as they stood at the end. A rule that treats up and down alike is *odd*: turn all
  past moves round, and it turns its own move round.
  ]],

  runs = boundary.training,

  lab.figure {
    name = "picture",
    title = "What the seeds have learned",
    caption = [[
      Mean greedy action over the seeds, by past: +1 (light) where all seeds step up, −1 (dark) where
      all step down.]],
    columns = 1,
    alt = [[
      Greedy actions by past, mean over ${seeds}: averaged tables agree in ${average} of the cases,
      final ones in ${final}.]],
    panels = function(results)
      local a, b = panel(results, KINDS[1]), panel(results, KINDS[2])
      return a and b and { a, b } or nil
    end,
  },

  lab.table {
    name = "picture",
    title = "How far the seeds agree",
    caption = [[
      *Agreement*: share of the seeds that take the commonest action, mean over the 36 pasts, and in
      how many pasts it is 80 % or more. *Odd*: share of the pasts, mean over the seeds. Tables
      drawn at random would agree in some ${chance} and be odd in a third.]],
    columns = { "Tables", { "Seeds", align = "right" }, { "Agreement", align = "right" },
      { "Pasts with 80 %", align = "right" }, { "Odd", align = "right" } },
    rows = function(results) return { row(results, KINDS[1]), row(results, KINDS[2]) } end,
  },

  numbers = function(results)
    local numbers = { seeds = format.counted(#results, "training seed") }
    for _, kind in ipairs(KINDS) do
      local tables, odd = tables_of(results, kind[1]), {}
      for i, one in ipairs(tables) do odd[i] = greedy.odd(one) end
      numbers[kind[1]] = #tables > 0 and format.percent(stats.mean(greedy.agreement(tables))) or "–"
      numbers[kind[1] .. "_odd"] = format.percent(stats.mean(odd))
    end
    -- commonest of three actions among as many fair draws
    local random, sum, draws = stats.random(1), 0, 2000
    for _ = 1, draws do
      local count = { 0, 0, 0 }
      for _ = 1, #results do
        local k = random:index(3)
        count[k] = count[k] + 1
      end
      sum = sum + math.max(table.unpack(count)) / #results
    end
    numbers.chance = format.percent(sum / draws, 0)
    return numbers
  end,

  [[
  **Result.** Averaged tables agree in ${average} of the cases and are odd in ${average_odd} of the
  pasts; final tables agree in ${final} and are odd in ${final_odd}.
  ]],
}

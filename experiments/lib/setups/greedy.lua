--- The greedy actions of policy tables of history 2, from the text of a policy file: which action
--- for which past, how far tables agree, and whether a table is odd (all moves turned round, it
--- turns its own round). States with a reward of 0 are left out: they occur only before the first
--- two rewards.
local greedy = {}

local ACTIONS = { -1, 0, 1 }

--- The 36 states in the order of the picture: { a_older, a_newer, r_older, r_newer }, past actions
--- fastest.
function greedy.states()
  local list = {}
  for _, r in ipairs { { -1, -1 }, { 1, -1 }, { -1, 1 }, { 1, 1 } } do -- { older, newer }
    for _, newer in ipairs(ACTIONS) do
      for _, older in ipairs(ACTIONS) do
        list[#list + 1] = { older, newer, r[1], r[2] }
      end
    end
  end
  return list
end

local function name(state) return table.concat(state, ",") end

--- Greedy action by state; of equal values the lowest action, as the policies do.
function greedy.read(csv)
  local table_of = {}
  for state, dec, null, inc in csv:gmatch "(%-?%d,%-?%d,%-?%d,%-?%d),([^,\n]+),([^,\n]+),([^,\n]+)" do
    local q, best = { tonumber(dec), tonumber(null), tonumber(inc) }, 1
    for k = 2, 3 do
      if q[k] > q[best] then best = k end
    end
    table_of[state] = ACTIONS[best]
  end
  return table_of
end

--- Mean greedy action of the tables, state by state.
function greedy.mean(tables)
  local list = {}
  for i, state in ipairs(greedy.states()) do
    local sum = 0
    for _, one in ipairs(tables) do sum = sum + one[name(state)] end
    list[i] = sum / #tables
  end
  return list
end

--- Share of the tables that take the commonest action, state by state.
function greedy.agreement(tables)
  local list = {}
  for i, state in ipairs(greedy.states()) do
    local count = { [-1] = 0, [0] = 0, [1] = 0 }
    for _, one in ipairs(tables) do
      local action = one[name(state)]
      count[action] = count[action] + 1
    end
    list[i] = math.max(count[-1], count[0], count[1]) / #tables
  end
  return list
end

--- Share of the states in which a table is odd.
function greedy.odd(one)
  local states, odd = greedy.states(), 0
  for _, s in ipairs(states) do
    if one[name(s)] == -one[name { -s[1], -s[2], s[3], s[4] }] then odd = odd + 1 end
  end
  return odd / #states
end

return greedy

-- SARSA(0): the value of what was done next, not of the best (Rummery and Niranjan, 1994).
return rule {
  name = "SARSA(0)",
  history = 2,
  next_action = true,
  params = { rate = 0.1, discount = 0.9 },
  init = function() return {} end,
  learn = function(m, transitions, p)
    local function row(s)
      m[s] = m[s] or { [-1] = 0, [0] = 0, [1] = 0 }
      return m[s]
    end
    for _, t in ipairs(transitions) do
      local rate = 1 - (1 - p.rate) ^ math.min(t.count, 50)
      local q, target = row(t.s), t.r + p.discount * row(t.s2)[t.a2]
      q[t.a] = q[t.a] + rate * (target - q[t.a])
    end
  end,
  act = function(s, p, m)
    local q = m[s]
    if not q then return 0 end
    if q[0] >= q[-1] and q[0] >= q[1] then return 0 end
    return q[1] > q[-1] and 1 or -1
  end,
}

-- Q-learning with an averaged table. The table of q_learning.lua forgets within tens of iterations:
-- the last one is a sample of a moving thing. So this rule learns for a while, as that one does, and
-- from then on acts by the average of the tables it has had, the first quarter left out (averaging
-- of iterates: Polyak and Juditsky, 1992).
local function row(m, s)
  m[s] = m[s] or { q = { 0.0, 0.0, 0.0 }, sum = { 0.0, 0.0, 0.0 }, since = m.first }
  return m[s]
end

-- Adds to the sums of a row what it has been worth since that was last done.
local function settle(m, r)
  local span = m.done - r.since
  if span <= 0 then return end
  for k = 1, 3 do r.sum[k] = r.sum[k] + r.q[k] * span end
  r.since = m.done
end

return rule {
  name = "Q-learning, averaged",
  doc = "the paper's Q-learning for a while, and then the average of its tables",
  history = 2,
  params = {
    rate = { default = 0.01, min = 0, max = 1, doc = "alpha_q, the learning rate of Q" },
    discount = { default = 0.9, min = 0, max = 1, doc = "gamma, what a reward counts one step on" },
    learning = { default = 5000, min = 1, max = 1e9, unit = "iterations", doc = "how long it learns" },
  },
  init = function(p) return { done = 0, first = p.learning // 4 } end,
  learn = function(m, transitions, p)
    if m.done >= p.learning then return end
    local target = {}
    for i, t in ipairs(transitions) do
      target[i] = t.r + p.discount * math.max(table.unpack(row(m, t.s2).q))
      settle(m, row(m, t.s))
    end
    for i, t in ipairs(transitions) do
      local q, k = row(m, t.s).q, t.a + 2
      for _ = 1, t.count do q[k] = q[k] + p.rate * (target[i] - q[k]) end
    end
    m.done = m.done + 1
  end,
  act = function(s, p, m)
    local r, best = row(m, s), 1 -- of equals the lowest
    settle(m, r)
    local value = m.done >= p.learning and r.sum or r.q
    for k = 2, 3 do
      if value[k] > value[best] then best = k end
    end
    return best - 2
  end,
  values = function(s, _, m)
    local r = row(m, s)
    settle(m, r)
    local span = m.done > m.first and m.done - m.first or 1
    return { r.sum[1] / span, r.sum[2] / span, r.sum[3] / span }
  end,
}

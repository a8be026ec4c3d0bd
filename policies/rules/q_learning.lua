-- The paper's Q-learning (Bhargava, Rezaei, Lankarany, 2022, section 2.2) as a rule: one table for
-- all synapses, Q(s,a) <- Q(s,a) + rate * (R + discount * max Q(s',.) - Q(s,a)) for every synapse.
-- All targets are taken from the table before the iteration, so this has the bits of the policy
-- `qtable` with order = "synchronous".
local function row(q, s)
  q[s] = q[s] or { [-1] = 0.0, [0] = 0.0, [1] = 0.0 }
  return q[s]
end

return rule {
  name = "Q-learning",
  doc = "the paper's Q-learning, synchronous: one table for all synapses",
  history = 2,
  params = {
    rate = { default = 0.01, min = 0, max = 1, doc = "alpha_q, the learning rate of Q" },
    discount = { default = 0.9, min = 0, max = 1, doc = "gamma, what a reward counts one step on" },
  },
  init = function() return {} end,
  learn = function(q, transitions, p)
    local target = {}
    for i, t in ipairs(transitions) do
      local after = row(q, t.s2)
      target[i] = t.r + p.discount * math.max(after[-1], after[0], after[1])
    end
    for i, t in ipairs(transitions) do
      local entry = row(q, t.s)
      for _ = 1, t.count do
        local before = entry[t.a]
        entry[t.a] = before + p.rate * (target[i] - before)
        if entry[t.a] == before then break end -- and so it stays
      end
    end
  end,
  act = function(s, _, q)
    local value, best = row(q, s), -1 -- of equals the lowest
    if value[0] > value[best] then best = 0 end
    if value[1] > value[best] then best = 1 end
    return best
  end,
  values = function(s, _, q)
    local value = row(q, s)
    return { value[-1], value[0], value[1] }
  end,
}

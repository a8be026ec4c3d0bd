-- Tsetlin's automaton with 2N states for each synapse: N of them hold "up", N "down". A reward goes
-- one state deeper, a penalty one towards the border, and over it (Tsetlin, Automation and Remote
-- Control 22:1210, 1961; Narendra and Thathachar, Learning Automata, 1989, chapter 3).
-- Good for: rewards that are right much more often than wrong.
return rule {
  name = "Tsetlin",
  doc = "a linear automaton of 2N states: rewards deepen an action, penalties turn it",
  state = { depth = 0 }, -- 1 to N: up; -1 to -N: down; 0: before the first move
  sees = { "reward", "random" },
  params = { N = { default = 3, min = 1, max = 1000, doc = "states of each action" } },
  step = function(v, out, p)
    local side = where(eq(v.depth, 0), where(lt(v.random, 0.5), -1, 1), sign(v.depth))
    local deep = abs(v.depth)
    if v.reward > 0 then
      deep = min(deep + 1, p.N)
    elseif v.reward < 0 then
      side, deep = where(le(deep, 1), -side, side), max(deep - 1, 1)
    end
    v.depth = side * max(deep, 1)
    out:sign(v.depth)
  end,
}

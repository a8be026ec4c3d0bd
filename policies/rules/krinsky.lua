-- Krinsky's automaton: as Tsetlin's with 2N states for each synapse, but any reward goes to the deepest
-- state of the action, from which it takes N penalties to turn (Krinsky, Biofizika 9:484, 1964;
-- Narendra and Thathachar, Learning Automata, 1989, chapter 3).
-- Good for: rewards that are rare and to be trusted.
return rule {
  name = "Krinsky",
  doc = "an automaton of 2N states: one reward settles an action, N penalties turn it",
  state = { depth = 0 }, -- 1 to N: up; -1 to -N: down; 0: before the first move
  sees = { "reward", "random" },
  params = { N = { default = 3, min = 1, max = 1000, doc = "states of each action" } },
  step = function(v, out, p)
    local side = where(eq(v.depth, 0), where(lt(v.random, 0.5), -1, 1), sign(v.depth))
    local deep = max(abs(v.depth), 1)
    if v.reward > 0 then
      v.depth = side * p.N
    elseif v.reward < 0 then
      v.depth = where(le(deep, 1), -side, side * (deep - 1))
    else
      v.depth = side * deep
    end
    out:sign(v.depth)
  end,
}

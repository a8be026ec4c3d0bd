-- Krylov's automaton: as Tsetlin's, but a penalty counts as a reward with probability 1/2 (Krylov, 1964).
return rule {
  name = "Krylov",
  state = { depth = 0 },
  sees = { "reward", "random" },
  params = { N = 3 },
  step = function(v, out, p)
    local side = where(eq(v.depth, 0), where(lt(v.random, 0.5), -1, 1), sign(v.depth))
    local deep = max(abs(v.depth), 1)
    local good = v.reward > 0 and 1 or lt(v.random, 0.5)
    v.depth = side * where(good, min(deep + 1, p.N), where(gt(deep, 1), deep - 1, -1))
    out:sign(v.depth)
  end,
}

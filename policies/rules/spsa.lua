-- Simultaneous perturbation: all synapses try a random move of one step to one side of where they stand, then
-- to the other; after so many pairs they go along what the pairs said, rounded at random, and begin the next
-- pair in the same move. So each evaluation is one of a pair, and none is spent on the way.
--   pairs = 1, number = 1   SPSA (Spall, IEEE Transactions on Automatic Control 37:332, 1992, equation 2.2),
--                           with random signs as directions; MeZO is the same with normal ones (Malladi et
--                           al., NeurIPS 2023, algorithm 1)
--   pairs = 1, number = 0   FeedSign (Cai, Chen and Zhu, arXiv 2501.17610, 2025), of one client: of the
--                           difference only its sign
--   pairs > 1, number = 1   an evolution strategy with antithetic pairs (Salimans et al., 2017, algorithm 1;
--                           Wierstra et al., JMLR 15:949, 2014), by differences instead of ranks
-- A difference counts against the usual one, a running mean of their sizes, and three of these at most, so that
-- `gain` means the same on every task.
-- Good for: comparing with the zeroth-order methods of the literature. No exploration.
return rule {
  name = "SPSA",
  doc = "pairs of random moves to both sides, then along the differences of their losses",
  steps = 8,
  state = { try = 0, credit = 0 },
  sees = { "loss", "random" },
  params = {
    pairs = { default = 1, min = 1, max = 1000, doc = "pairs before the synapses go on" },
    gain = { default = 1, min = 0, max = 100, doc = "steps for each usual difference" },
    number = { default = 1, min = 0, max = 1, doc = "0: of a difference only its sign" },
  },
  init = function() return { usual = 0, plus = 0, says = 0 } end,
  step = function(v, out, p, m)
    if v.iteration % 2 == 0 then -- the other side
      m.plus = v.loss
      return out:set(-2 * v.try)
    end
    if v.layer == 1 and v.iteration > 1 then
      local fall = v.loss - m.plus
      m.usual = m.usual > 0 and 0.98 * m.usual + 0.02 * math.abs(fall) or math.abs(fall)
      m.says = fall > 0 and 1 or -1
      if p.number > 0.5 then m.says = m.usual > 0 and math.max(-3, math.min(3, fall / m.usual)) or 0 end
    end
    v.credit = v.credit + m.says * v.try
    local back, move = v.try, 0
    v.try = where(lt(v.random, 0.5), -1, 1)
    if (v.iteration - 1) / 2 % p.pairs < 1 then
      move = p.gain / p.pairs * v.credit
      v.credit = 0 * v.credit
    end
    out:sometimes(back + move + v.try)
  end,
}

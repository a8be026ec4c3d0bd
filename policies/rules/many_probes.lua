-- Many probes, one vote: in a cycle of K iterations every synapse tries K - 1 random moves; one that did
-- not help is taken back together with the next try. In the last iteration each moves along its credit,
-- rounded at random. It wants the reward policies/rewards/accepted.lua with the same K, which compares
-- with the loss that was accepted last. Found in the search that this project reports on.
-- Good for: the fewest evaluations known here, with the whole training part as batch. No exploration.
return rule {
  name = "many probes, one vote",
  doc = "K - 1 random tries, each taken back unless it helps, then a vote along the credit",
  steps = 8,
  state = { credit = 0, try = 0 },
  sees = { "reward", "random" },
  params = {
    K = { default = 20, min = 2, max = 1000, doc = "iterations of a cycle; the last one votes" },
    M = { default = 8, min = 0, max = 100, doc = "steps of a vote for each unit of gain times credit; 7 at most are taken" },
    keep = { default = 0.999, min = 0, max = 1, doc = "what is kept of older credit" },
    gain = { default = 0.05, min = 0, max = 10, doc = "of the credit in a vote" },
  },
  step = function(v, out, p)
    local back = 0 -- of the last try, which a vote leaves at 0
    if v.reward < 0 then back = -v.try end
    v.credit = p.keep * v.credit + v.reward * v.try
    if v.iteration % p.K < 1 then
      local wish = clamp(p.M * p.gain * v.credit, -7, 7)
      local whole = 0
      for k = 1, 7 do whole = whole + ge(abs(wish), k) end
      whole = whole + lt(v.random, abs(wish) - whole)
      v.try = 0 * v.try
      out:set(clamp(back + sign(wish) * whole, -8, 8))
    else
      v.try = where(lt(v.random, 0.5), -1, 1)
      out:set(back + v.try)
    end
  end,
}

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
  sees = { "reward", "reward_value", "random" },
  params = {
    K = { default = 20, min = 2, max = 1000, doc = "iterations of a cycle; the last one votes" },
    gain = { default = 0.4, min = 0, max = 100, doc = "steps of a vote for a credit of 1; 8 at most are taken" },
    keep = { default = 0.999, min = 0, max = 1, doc = "what is kept of older credit from one iteration on" },
    share = { default = 1, min = 0, max = 1, doc = "of the synapses that try in an iteration" },
    back = { default = 1, min = 0, max = 2, doc = "a try is taken back: 0 never, 1 unless it helped, 2 always" },
  },
  step = function(v, out, p)
    local back = 0 -- of the last try, which a vote leaves at 0
    if p.back > 1.5 or p.back > 0.5 and v.reward <= 0 then back = -v.try end
    v.credit = p.keep * v.credit + v.reward_value * v.try
    if v.iteration % p.K < 1 then
      v.try = 0 * v.try
      out:sometimes(back + p.gain * v.credit)
    else
      v.try = where(lt(v.random, p.share / 2), -1, where(lt(v.random, p.share), 1, 0))
      out:set(back + v.try)
    end
  end,
}

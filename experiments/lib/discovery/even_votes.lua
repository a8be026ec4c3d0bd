-- Many probes, one vote (policies/rules/many_probes.lua), but for the vote: all synapses move by the same number
-- of steps, along the sign of their credit, and nothing is left to chance. For the chapter that takes the rule apart.
return rule {
  name = "many probes, one even vote",
  doc = "K - 1 random tries, then all synapses move as far along the sign of their credit",
  steps = 8,
  state = { credit = 0, try = 0 },
  sees = { "reward", "reward_value", "random" },
  params = {
    K = { default = 20, min = 2, max = 1000, doc = "iterations of a cycle; the last one votes" },
    size = { default = 1, min = 0, max = 7, doc = "steps of a vote, a whole number" },
    keep = { default = 0.999, min = 0, max = 1, doc = "what is kept of older credit from one iteration on" },
    share = { default = 1, min = 0, max = 1, doc = "of the synapses that try in an iteration" },
    back = { default = 1, min = 0, max = 2, doc = "a try is taken back: 0 never, 1 unless it helped, 2 always" },
  },
  step = function(v, out, p)
    local back = 0
    if p.back > 1.5 or p.back > 0.5 and v.reward <= 0 then back = -v.try end
    v.credit = p.keep * v.credit + v.reward_value * v.try
    if v.iteration % p.K < 1 then
      v.try = 0 * v.try
      out:set(back + p.size * sign(v.credit))
    else
      v.try = where(lt(v.random, p.share / 2), -1, where(lt(v.random, p.share), 1, 0))
      out:set(back + v.try)
    end
  end,
}

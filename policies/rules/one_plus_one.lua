-- A (1+1) evolution strategy with the 1/5 rule: a random share of the synapses tries a move; if the loss
-- does not fall, it is taken back together with the next try. The share grows after a success and shrinks
-- after a failure, so that one try in five succeeds (Rechenberg, Evolutionsstrategie, 1973; the schedule of
-- Kern et al., Natural Computing 3:77, 2004). With grow = 1 and a small share it comes near
-- Random Search Optimization (Tripathi and Singh, arXiv 2005.05955, 2020), which takes the weights in turn, draws
-- the change of each from a normal distribution, and keeps the best of both sides and none. It wants the reward policies/rewards/accepted.lua with a large K.
-- Good for: a baseline from evolution; late in a run, when few moves at a time still help.
return rule {
  name = "(1+1) with the 1/5 rule",
  doc = "a share of the synapses tries a move, which stays if it is rewarded; one in five is to succeed",
  steps = 2,
  state = { try = 0 },
  sees = { "reward", "random" },
  params = {
    share = { default = 0.5, min = 1e-5, max = 1, doc = "of the synapses that try at first" },
    grow = { default = 1.5, min = 1, max = 4, doc = "of the share after a success" },
  },
  init = function(p) return { share = p.share } end,
  step = function(v, out, p, m)
    if v.layer == 1 and v.iteration > 1 then
      m.share = v.reward > 0 and math.min(1, m.share * p.grow) or math.max(1e-5, m.share / p.grow ^ 0.25)
    end
    local back = 0
    if v.reward <= 0 then back = -v.try end
    v.try = where(lt(v.random, m.share / 2), -1, where(lt(v.random, m.share), 1, 0))
    out:set(back + v.try)
  end,
}

-- A (1+1) evolution strategy with the 1/5 rule: a random share of the synapses tries a move; if the loss
-- does not fall, all is taken back. The share grows after a success and shrinks after a failure, so that
-- one try in five succeeds (Rechenberg, Evolutionsstrategie, 1973; the schedule of Kern et al., Natural
-- Computing 3:77, 2004). Two evaluations a failure.
-- Good for: a baseline from evolution; late in a run, when few moves at a time still help.
return rule {
  name = "(1+1) with the 1/5 rule",
  doc = "a share of the synapses tries a move, which stays if it is rewarded; one in five is to succeed",
  sees = { "reward", "action", "random" },
  params = {
    share = { default = 0.5, min = 1e-4, max = 1, doc = "of the synapses that try at first" },
    grow = { default = 1.5, min = 1, max = 4, doc = "of the share after a success" },
  },
  init = function(p) return { share = p.share, trying = true } end,
  step = function(v, out, p, m)
    if v.layer == 1 and v.iteration > 1 then
      local won = m.trying and v.reward > 0
      if m.trying then
        m.share = won and math.min(1, m.share * p.grow) or math.max(1e-4, m.share / p.grow ^ 0.25)
      end
      m.trying = won or not m.trying
    end
    if m.trying then out:sometimes(m.share * sign(v.random - 0.5)) else out:set(-v.action) end
  end,
}

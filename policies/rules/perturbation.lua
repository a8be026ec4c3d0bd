-- Weight perturbation with an eligibility trace: every synapse tries moves at random and keeps a
-- decaying trace of its own; a reward makes it go on along the trace, a penalty go back. Random
-- perturbations of weights go back to Jabri and Flower (IEEE Transactions on Neural Networks 3,
-- 1992), of all at once to Cauwenberghs (Neural Information Processing Systems 5, 1993), traces of what is eligible for a reward to Barto, Sutton and Anderson (1983).
return rule {
  name = "weight perturbation",
  doc = "random moves; a reward goes on along the trace of one's moves, a penalty back",
  params = {
    noise = { default = 1, min = 0, max = 10, doc = "size of the perturbation against the trace" },
    keep = { default = 0.5, min = 0, max = 1, doc = "what the trace keeps from one iteration on" },
  },
  sees = { "reward_value", "action_trace", "random" },
  trace = "keep",
  step = function(v, out, p)
    out:sign(v.reward_value * v.action_trace + p.noise * (2 * v.random - 1))
  end,
}

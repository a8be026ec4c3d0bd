-- Simultaneous perturbation by sign: every synapse tries a random move, then takes it back and goes one
-- step the way that the change of the loss says (SPSA: Spall, IEEE Transactions on Automatic Control
-- 37:332, 1992; with the sign alone: FeedSign, Cai et al., 2024). Two evaluations a step.
-- Good for: comparing with the zeroth-order methods of the literature.
return rule {
  name = "SPSA by sign",
  doc = "try a random move of all synapses; then back, and on by one against the change of the loss",
  steps = 2,
  sees = { "reward", "action", "random" },
  step = function(v, out)
    if v.iteration % 2 == 1 then
      out:sign(v.random - 0.5)
    elseif v.reward > 0 then
      out:set(0 * v.action) -- back by one and on by one: it stays where it is
    else
      out:set(-2 * v.action)
    end
  end,
}

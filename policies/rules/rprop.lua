-- Rprop by reward: every synapse has a step size of its own. Random moves of this size are rewarded or
-- not; a synapse whose rewarded moves go on pointing to one side takes larger steps, one whose turn
-- takes smaller ones (resilient propagation, Riedmiller and Braun, ICNN 1993, with the running sign of
-- rewarded moves in the place of the gradient's).
-- Good for: networks whose synapses want very different steps.
return rule {
  name = "Rprop by reward",
  doc = "step sizes of each synapse's own, which grow while its rewarded moves agree",
  steps = 8,
  state = { size = 1, side = 0 },
  sees = { "reward", "action", "random" },
  params = {
    grow = { default = 1.2, min = 1, max = 2, doc = "of the size, where rewarded moves agree" },
    shrink = { default = 0.5, min = 0.1, max = 1, doc = "of the size, where they turn" },
    keep = { default = 0.9, min = 0, max = 1, doc = "what is kept of older moves" },
  },
  step = function(v, out, p)
    local before = v.side
    v.side = p.keep * before + v.reward * sign(v.action)
    local agree = sign(before) * sign(v.side)
    v.size = clamp(v.size * where(gt(agree, 0), p.grow, where(lt(agree, 0), p.shrink, 1)), 1, 8)
    local whole = 1
    for k = 2, 8 do whole = whole + ge(v.size, k) end
    local up = 0.5 + 0.4 * tanh(v.side)
    out:set(whole * where(lt(v.random, up), 1, -1))
  end,
}

-- Reward-modulated Hebb: a synapse between two units that are active together grows after a reward
-- and shrinks after a penalty (the three-factor rule; Fremaux and Gerstner, Frontiers in Neural
-- Circuits 9:85, 2016). The weight itself pulls it back to zero.
return rule {
  name = "reward-modulated Hebb",
  doc = "up where both units are active and the reward is up; pulled to zero",
  params = {
    decay = { default = 0.01, min = 0, max = 1, doc = "pull of the weight to zero" },
  },
  sees = { "pre", "post", "weight", "reward" },
  step = function(v, out, p)
    out:sign(v.reward * v.pre * v.post - p.decay * v.weight)
  end,
}

-- Eligibility: a trace of pre times post, of its own decay, waits for the reward (three-factor rules:
-- Fremaux and Gerstner, 2016; Izhikevich, 2007).
return rule {
  name = "eligibility",
  state = { eligible = 0, slow = 0 },
  sees = { "pre", "post", "reward", "weight" },
  params = { keep = 0.8, slow = 0.99 },
  step = function(v, out, p)
    v.eligible = p.keep * v.eligible + v.pre * v.post
    v.slow = p.slow * v.slow + (1 - p.slow) * v.eligible
    out:sign(v.reward * (v.eligible - v.slow) - 0.01 * v.weight)
  end,
}

-- BCM with a reward: a synapse grows where post is above a sliding threshold, the mean of its square, and
-- shrinks below it (Bienenstock, Cooper and Munro, Journal of Neuroscience 2:32, 1982).
return rule {
  name = "BCM",
  state = { threshold = 0 },
  sees = { "pre", "post", "reward" },
  params = { keep = 0.95 },
  step = function(v, out, p)
    v.threshold = p.keep * v.threshold + (1 - p.keep) * v.post * v.post
    out:sign(v.reward * v.pre * v.post * (v.post - v.threshold))
  end,
}

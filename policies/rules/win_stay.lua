-- Win-stay, lose-reverse: after a reward a synapse repeats its last move, after a penalty it takes
-- it back. Known since Robbins (1952, for the two-armed bandit), here on single synapses. A
-- synapse that rests goes on resting, so it needs exploration to be moved at all.
return rule {
  name = "win-stay, lose-reverse",
  doc = "after a reward repeat the last move, after a penalty take it back",
  history = 1,
  act = function(s)
    return s.r[1] > 0 and s.a[1] or -s.a[1]
  end,
}

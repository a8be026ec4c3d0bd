-- Linear reward-inaction for each synapse: it moves up with a probability of its own, which a reward
-- pulls towards the action just taken, and which a penalty leaves alone (L_R-I: Shapiro and Narendra,
-- IEEE Transactions on Systems Science and Cybernetics 5:352, 1969; Norman, 1968).
-- Good for: a lesson in automata that settle for good; small rates err less.
return rule {
  name = "linear reward-inaction",
  doc = "a probability for each synapse, which rewards pull towards the action taken",
  state = { up = 0.5 },
  sees = { "reward", "action", "random" },
  params = { pull = { default = 0.02, min = 0, max = 1, doc = "of a reward on the probability" } },
  step = function(v, out, p)
    if v.reward > 0 then
      v.up = v.up + p.pull * abs(v.action) * ((1 + v.action) / 2 - v.up)
    end
    out:sign(where(lt(v.random, v.up), 1, -1))
  end,
}

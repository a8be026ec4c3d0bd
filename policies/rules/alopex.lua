-- Alopex: a synapse repeats its last move the more likely, the more the loss fell with it; a temperature
-- says how strictly, and follows the usual size of these correlations (Unnikrishnan and Venugopal,
-- Neural Computation 6:469, 1994; Harth and Tzanakou, Vision Research 14:1475, 1974).
-- Good for: losses whose change says more than its sign.
return rule {
  name = "Alopex",
  doc = "repeat the last move the more likely, the more the loss fell with it",
  sees = { "action", "loss_change", "random" },
  params = {
    every = { default = 10, min = 1, max = 1e6, doc = "iterations between two temperatures" },
  },
  init = function() return { T = 0, sum = 0 } end,
  step = function(v, out, p, m)
    if v.layer == 1 then
      m.sum = m.sum + math.abs(v.loss_change)
      if v.iteration % p.every < 1 then m.T, m.sum = m.sum / p.every, 0 end
    end
    if v.iteration == 1 or m.T == 0 then
      out:sign(v.random - 0.5)
    else
      local chance = 1 / (1 + exp(v.loss_change * v.action / m.T)) -- of a move up
      out:sign(where(lt(v.random, chance), 1, -1))
    end
  end,
}

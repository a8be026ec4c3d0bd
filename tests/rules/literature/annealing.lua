-- Simulated annealing of the whole network: a random move is kept if the loss fell, or with a chance that
-- falls with the rise and with a temperature that cools (Kirkpatrick, Gelatt and Vecchi, Science 220:671,
-- 1983).
return rule {
  name = "annealing",
  sees = { "action", "loss_change", "random" },
  params = { T = 1e-3, cool = 0.999 },
  init = function(p) return { T = p.T, trying = false } end,
  step = function(v, out, p, m)
    if v.layer == 1 then
      m.T = m.T * p.cool
      m.back = m.trying and v.loss_change > 0 and math.random() > math.exp(-v.loss_change / m.T)
      m.trying = not m.back
    end
    if m.back then out:set(-v.action) else out:sign(v.random - 0.5) end
  end,
}

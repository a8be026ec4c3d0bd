-- A running correlation of each synapse's moves with the change of the loss, against its mean
-- (weight perturbation with a baseline: Jabri and Flower, 1992; Cauwenberghs, 1993).
return rule {
  name = "correlation",
  state = { credit = 0 },
  sees = { "action", "loss_change", "random" },
  params = { keep = 0.99, gain = 2 },
  init = function() return { mean = 0, size = 1e-9 } end,
  step = function(v, out, p, m)
    if v.layer == 1 then
      m.mean = 0.9 * m.mean + 0.1 * v.loss_change
      m.size = 0.9 * m.size + 0.1 * math.abs(v.loss_change)
    end
    v.credit = p.keep * v.credit - (v.loss_change - m.mean) / m.size * v.action
    local up = 0.5 + 0.5 * tanh(p.gain * (1 - p.keep) * v.credit)
    out:sign(where(lt(v.random, up), 1, -1))
  end,
}

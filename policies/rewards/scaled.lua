-- The change of the loss against its usual size: a moving average of its magnitude. Histories hold the
-- sign; policies that learn hear how much.
return reward {
  name = "scaled",
  doc = "the change of the loss in parts of its usual size, cut at -1 and 1",
  params = { memory = { default = 10, min = 1, max = 1e6, unit = "iterations",
    doc = "of the moving average" } },
  memory = function() return {} end,
  value = function(now, m, p)
    local size = math.abs(now.loss_change)
    m.usual = (m.usual or size) + (size - (m.usual or size)) / p.memory
    if m.usual == 0 then return -1 end
    return math.max(-1, math.min(1, -now.loss_change / (2 * m.usual)))
  end,
}

-- Better than a slow average of the loss, and not only than the iteration before. The same bits as
-- reward_against = "average" with reward_memory.
return reward {
  name = "slow average",
  doc = "is the loss below its moving average?",
  params = { memory = { default = 10, min = 1, max = 1e6, unit = "iterations",
    doc = "of the moving average" } },
  memory = function() return {} end,
  value = function(now, m, p)
    m.average = m.average or now.loss - now.loss_change
    local better = now.loss < m.average
    m.average = m.average + (now.loss - m.average) / p.memory
    return better and 1 or -1
  end,
}

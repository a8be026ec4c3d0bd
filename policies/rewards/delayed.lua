-- The paper's bit, which arrives some iterations later; 0 until the first one does. The same bits as
-- reward_delay.
return reward {
  name = "delayed",
  doc = "the paper's bit, some iterations late",
  params = { delay = { default = 5, min = 1, max = 100, unit = "iterations", doc = "how late" } },
  memory = function() return { waiting = {} } end,
  value = function(now, m, p)
    local place = (now.iteration - 1) % (p.delay // 1) + 1
    local due = m.waiting[place] or 0
    m.waiting[place] = now.loss_change < 0 and 1 or -1
    return due
  end,
}

-- The paper's bit, of which a share is turned over: how much noise does learning stand?
return reward {
  name = "noisy bit",
  doc = "the paper's bit, turned over with a chance",
  params = { flip = { default = 0.1, min = 0, max = 1, doc = "chance that a bit is turned over" } },
  value = function(now, m, p)
    local bit = now.loss_change < 0 and 1 or -1
    if math.random() < p.flip then return -bit end
    return bit
  end,
}

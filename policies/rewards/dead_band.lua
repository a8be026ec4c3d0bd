-- A dead band: changes of the loss by less than a share of it are no reward at all. The same bits as
-- reward_band with reward_tie = "zero".
return reward {
  name = "dead band",
  doc = "nothing is heard of small changes of the loss",
  params = { band = { default = 0.001, min = 0, max = 1, doc = "share of the loss before" } },
  value = function(now, m, p)
    local before = now.loss - now.loss_change
    if math.abs(now.loss_change) <= p.band * math.abs(before) then return 0 end
    return now.loss_change < 0 and 1 or -1
  end,
}

-- Better than the loss that was accepted last: a try that does not lower it is to be taken back, and does
-- not become what the next one is compared with. In the last of K iterations, and with a new batch, the
-- loss is accepted whatever it is. Goes with policies/rules/many_probes.lua of the same K.
return reward {
  name = "accepted",
  doc = "is the loss below the accepted one? every K iterations it is accepted anyhow",
  params = { K = { default = 20, min = 2, max = 1000, doc = "iterations of a cycle" } },
  memory = function() return {} end,
  value = function(now, m, p)
    local before = m.loss or now.loss - now.loss_change
    local better = now.loss < before
    if better or now.new_batch or now.iteration % p.K < 1 then m.loss = now.loss else m.loss = before end
    return better and 1 or -1
  end,
}

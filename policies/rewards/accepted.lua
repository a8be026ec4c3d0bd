-- Better than the loss that was accepted last: a try that does not lower it is to be taken back, and does
-- not become what the next one is compared with. In the last of K iterations, and with a new batch, the
-- loss is accepted whatever it is. With `number` the reward says by how much, against the usual change.
-- Goes with policies/rules/many_probes.lua of the same K.
return reward {
  name = "accepted",
  doc = "is the loss below the accepted one? every K iterations it is accepted anyhow",
  params = {
    K = { default = 20, min = 2, max = 1e6, doc = "iterations of a cycle" },
    back = { default = 1, min = 0, max = 2, doc = "as the rule has it: a loss is accepted 0 always, 1 if it is better, 2 every K only" },
    number = { default = 0, min = 0, max = 1, doc = "1: the change as a number, up to three times the usual one" },
  },
  memory = function() return { usual = 0 } end,
  value = function(now, m, p)
    local before = m.loss or now.loss - now.loss_change
    local fall, voted = before - now.loss, now.new_batch or now.iteration % p.K < 1
    if voted or p.back < 0.5 or fall > 0 and p.back < 1.5 then m.loss = now.loss else m.loss = before end
    if p.number < 0.5 then return fall > 0 and 1 or -1 end
    if not voted then m.usual = m.usual > 0 and 0.99 * m.usual + 0.01 * math.abs(fall) or math.abs(fall) end
    return m.usual > 0 and math.max(-1, math.min(1, fall / (3 * m.usual))) or -1
  end,
}

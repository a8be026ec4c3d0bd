-- SKELETON: say here what it is and where it comes from.
return reward {
  name = "SKELETON",
  doc = "one line: what the network hears",

  -- Numbers that experiments may set: lab.reward("SKELETON.lua", { flip = { 0, 0.1 } }).
  params = { flip = { default = 0, min = 0, max = 1, doc = "chance that the bit is turned over" } },

  -- What it remembers from one iteration to the next; checkpoints keep it.
  memory = function(p) return { best = math.huge } end,

  -- Once an iteration: now.loss, now.loss_change (negative: it fell), now.iteration, now.new_batch.
  -- A number from -1 to 1: histories take its sign, policies that learn the number.
  value = function(now, m, p)
    local bit = now.loss_change < 0 and 1 or -1
    m.best = math.min(m.best, now.loss)
    if math.random() < p.flip then bit = -bit end
    return bit
  end,
}

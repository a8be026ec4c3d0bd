-- Bush and Mosteller's stochastic learning with three actions: one probability each for down, rest and up
-- (Bush and Mosteller, Stochastic Models for Learning, 1955).
return rule {
  name = "Bush-Mosteller",
  state = { down = 1 / 3, up = 1 / 3 },
  sees = { "reward_value", "action", "random" },
  params = { rate = 0.05 },
  step = function(v, out, p)
    if v.iteration > 1 then
      local gain = p.rate * v.reward_value
      local was_up, was_down = eq(v.action, 1), eq(v.action, -1)
      if gain > 0 then
        v.up, v.down = v.up + gain * (was_up - v.up), v.down + gain * (was_down - v.down)
      else
        v.up = v.up + gain * where(was_up, v.up, -v.up * v.up)
        v.down = v.down + gain * where(was_down, v.down, -v.down * v.down)
      end
      v.up, v.down = clamp(v.up, 0.01, 0.98), clamp(v.down, 0.01, 0.98)
    end
    out:set(where(lt(v.random, v.down), -1, where(gt(v.random, 1 - v.up), 1, 0)))
  end,
}

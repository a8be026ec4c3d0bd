-- Linear reward-penalty, L_R-P: rewards pull a synapse's probability towards the action taken, penalties
-- away from it (Bush and Mosteller, 1955; Narendra and Thathachar, 1989).
return rule {
  name = "linear reward-penalty",
  state = { up = 0.5 },
  sees = { "reward", "action", "random" },
  params = { pull = 0.02, push = 0.02 },
  step = function(v, out, p)
    local wanted = (1 + v.reward * v.action) / 2
    local rate = v.reward > 0 and p.pull or p.push
    if v.reward ~= 0 then v.up = v.up + rate * abs(v.action) * (wanted - v.up) end
    out:sign(where(lt(v.random, v.up), 1, -1))
  end,
}

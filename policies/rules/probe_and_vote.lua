-- Probe and vote: in one iteration every synapse tries a random move, in the next it takes the move
-- back, if the loss did not fall, or goes on along its credit: a running sum of its own rewarded moves.
-- Found in the search for the best short rule that this project reports on; akin to simultaneous
-- perturbation (Spall, IEEE Transactions on Automatic Control 37:332, 1992) with signs and a memory.
-- Good for: few evaluations. It needs no exploration.
return rule {
  name = "probe and vote",
  doc = "try a random move; keep it if rewarded, and go on along what was rewarded before",
  state = { credit = 0 },
  sees = { "reward", "action", "random" },
  params = {
    keep = { default = 0.998, min = 0, max = 1, doc = "what is kept of older credit" },
    gain = { default = 0.05, min = 0, max = 10, doc = "chance of a move for each unit of credit" },
  },
  step = function(v, out, p)
    if v.iteration % 2 == 1 then
      out:sign(v.random - 0.5)
    else
      v.credit = p.keep * v.credit + v.reward * v.action
      if v.reward < 0 then out:set(-v.action) else out:sometimes(p.gain * v.credit) end
    end
  end,
}

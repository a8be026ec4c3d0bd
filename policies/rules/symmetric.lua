-- The symmetric rule that the Q-tables of the paper's training suggest once they are averaged over
-- time: their greedy actions agree on most states and are odd under a change of sign. After a
-- reward repeat the last move, after a penalty undo it, and rest after two equal moves.
return rule {
  name = "symmetric",
  doc = "win-stay, lose-reverse, with a rest after two equal moves",
  history = 2,
  act = function(s)
    if s.a[1] == s.a[2] then return 0 end
    return s.r[1] > 0 and s.a[1] or -s.a[1]
  end,
}

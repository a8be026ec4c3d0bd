-- Win-stay, lose-rest: the careful brother of win_stay.lua. After a reward a synapse repeats its
-- last move, after a penalty it rests, and then goes on resting until exploration moves it. What
-- is left of win-stay, lose-shift (Nowak and Sigmund, 1993) when the only place to shift to is no
-- move.
return rule {
  name = "win-stay, lose-rest",
  doc = "after a reward repeat the last move, after a penalty rest",
  history = 1,
  act = function(s)
    return s.r[1] > 0 and s.a[1] or 0
  end,
}

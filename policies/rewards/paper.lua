-- The paper's one bit, equation (3): did the loss fall? A tie is a penalty. The same bits as the
-- built-in reward at its defaults.
return reward {
  name = "the paper's bit",
  doc = "did the loss fall? one bit; a tie is a penalty",
  value = function(now)
    return now.loss_change < 0 and 1 or -1
  end,
}

-- expect: rawset is not offered to a rule
rawset(math, "abs", nil)

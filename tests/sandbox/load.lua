-- expect: load is not offered to a rule
load("return os")()

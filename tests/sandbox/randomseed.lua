-- expect: math.randomseed is not offered to a rule
math.randomseed(1)

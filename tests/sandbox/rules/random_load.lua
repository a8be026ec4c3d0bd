-- expect: there is no seed before a run begins
return math.random()

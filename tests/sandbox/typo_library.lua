-- expect: nothing is named 'math.absolute'
return math.absolute(1)

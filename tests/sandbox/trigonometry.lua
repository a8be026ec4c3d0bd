-- expect: math.sin is not offered to a rule: its last bits
return math.sin(1)

-- expect: loadstring is not offered to a rule
loadstring("return os")()

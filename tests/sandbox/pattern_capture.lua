-- expect: malformed pattern
return ("x"):find("(x")

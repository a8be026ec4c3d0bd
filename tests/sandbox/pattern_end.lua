-- expect: malformed pattern
return ("x"):find("[a-")

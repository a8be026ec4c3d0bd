-- expect: dofile is not offered to a rule
dofile("/etc/passwd")

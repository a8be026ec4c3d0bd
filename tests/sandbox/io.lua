-- expect: io is not offered to a rule
io.open("/etc/passwd")

-- expect: os is not offered to a rule
os.execute("true")

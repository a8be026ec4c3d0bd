-- expect: collectgarbage is not offered to a rule
collectgarbage("stop")

-- expect: ok
-- No address shows anywhere.
assert(tostring({}) == "table" and tostring(math.abs) == "function" and tostring(pairs) == "function")
assert(("%s %5s"):format({}, math.abs) == "table function")
assert(tostring(nil) == "nil" and tostring(true) == "true" and tostring(1.5) == "1.5")

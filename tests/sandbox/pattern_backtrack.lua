-- expect: it ran for more than
-- Inside of C no hook runs: only a matcher that counts can stop this.
local n = 30
return string.find(("a"):rep(n * 100), (".-"):rep(n) .. "b")

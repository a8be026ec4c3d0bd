-- expect: table expected
local step = pairs({})
step("no table")

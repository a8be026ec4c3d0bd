-- expect: the time limit
local a, b = ("x"):rep((1 << 20) - 1), ("x"):rep((1 << 20) - 1)
while true do if a < b then break end end

-- expect: memory
local list
while true do
  local tail = list
  list = function() return tail end
end

-- expect: pcall is not offered to a rule
-- A loop of pcall around the kill.
while true do
  pcall(function() while true do end end)
end

--- Statistics, all under one name: descriptive.lua (mean, sd, quantile, ...), distributions.lua
--- (normal, Student's t, incomplete beta), inference.lua (Welch, two one-sided tests, pairs, shares),
--- ranks.lua (Mann-Whitney, signed ranks) and resampling.lua (bootstrap).
---
--- Pure functions of numbers; nil wherever the numbers do not suffice, never an error or a NaN.
local stats = {}

for _, part in ipairs { "descriptive", "distributions", "inference", "ranks", "resampling" } do
  for name, content in pairs(require("statistics." .. part)) do stats[name] = content end
end

return stats

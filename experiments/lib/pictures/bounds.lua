--- What the values of a panel cannot leave, and intervals that do.
local bounds = {}

--- { lo, hi } as they are shown; either may be missing.
function bounds.of(panel)
  return panel.bounds or panel.percent and { 0, 100 } or {}
end

--- Does an interval leave them? At which ends?
function bounds.cut(panel, low, high)
  local lo, hi = table.unpack(bounds.of(panel), 1, 2)
  return lo ~= nil and low < lo, hi ~= nil and high > hi
end

--- Does any of the panel's intervals go on beyond what can be?
function bounds.any_cut(panel)
  local scale, any = panel.percent and 100 or 1, false
  local function look(low, high)
    local left, right = bounds.cut(panel, low, high)
    any = any or left or right
  end
  for _, series in ipairs(panel.series or {}) do
    for i, low in ipairs(not series.band and series.low or {}) do
      look(scale * low, scale * series.high[i])
    end
  end
  for _, row in ipairs(panel.rows or {}) do look(row.low, row.high) end
  return any
end

return bounds

--- What chapters ask of records: which have measurements, and one measurement of each.
local records = {}

--- Those that have measurements.
function records.measured(list)
  local measured = {}
  for _, record in ipairs(list) do
    if record.status ~= "failed" then measured[#measured + 1] = record end
  end
  return measured
end

--- One measurement of each record, by its path ("validation.accuracy"); those that have none, or
--- not a number, are left out.
function records.values(list, path)
  local values = {}
  for _, record in ipairs(list) do
    local value = record
    for key in path:gmatch("[^.]+") do value = type(value) == "table" and value[key] or nil end
    if value and value == value then values[#values + 1] = value end
  end
  return values
end

--- The answer to a claim (verdict.lua): one measurement of each record that has it, and how many runs
--- there were. nil for no records.
function records.sample(list, path)
  return list and { values = records.values(list, path), runs = #list }
end

return records

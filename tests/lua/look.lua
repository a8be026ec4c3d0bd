-- Are the words of figures within their canvas, and none over another?
--
--   FIGURES='a.svg b.svg' synlab run tests/lua/look.lua
package.path = (debug.getinfo(1, "S").source:match("^@(.*)[/\\]") or ".") .. "/?.lua;" .. package.path
local svg = require "svg"
local n, wrong = 0, {}
for path in os.getenv("FIGURES"):gmatch "%S+" do
  local file = assert(io.open(path, "rb"))
  n = n + 1
  for _, fault in ipairs(svg.faults(file:read "a")) do wrong[#wrong + 1] = path .. ": " .. fault end
  file:close()
end
if n == 0 then error("FIGURES names none", 0) end
if #wrong > 0 then error(("%d faults:\n  "):format(#wrong) .. table.concat(wrong, "\n  "), 0) end
print(n .. " figures: words are within the canvas, and none over another")

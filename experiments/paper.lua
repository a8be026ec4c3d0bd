-- The paper's figures, tables and claims alone: the report's chapters that carry them, as registered. What the
-- report asks beyond the paper is left out, rules, ablations, the best rule; and so is the second look at claims
-- that the first left open.
local lab = require "experiment"
local report = require "report"

local claimed = {}
for _, name in ipairs(report.chapters) do
  local beyond = name == "rules" or name:find "^ablation" or name:find "^best%-rule" or name:find "^again"
  if not beyond then claimed[#claimed + 1] = name end
end

return lab.book { name = report.name, title = report.title, intro = report.intro, chapters = claimed,
  papers = report.papers }

-- Tests of the Lua modules in experiments/lib.
--
--   synlab run tests/lua/run.lua
local here = debug.getinfo(1, "S").source:match("^@(.*)[/\\]") or "."
package.path = table.concat({ here .. "/?.lua", here .. "/../../experiments/lib/?.lua",
  package.path }, ";")

for _, name in ipairs { "names", "stats", "distributions", "inference", "resampling", "format",
  "tables", "sweep", "foreseen", "study", "draw", "claims", "verdict", "answers", "plot", "points", "weave", "experiment", "queue", "book",
  "timing", "papers", "data", "html", "ablation", "variants", "measure" } do
  dofile(("%s/test_%s.lua"):format(here, name))
end

require("check").finish()

--- Which images a page uses: --data, else the paper's if they are at hand, else the built-in set, so
--- that everything runs on a machine that has nothing. What that means for comparisons is
--- comparison.lua's business.
local datasets = {}

function datasets.name()
  local synlab = require "synlab"
  if synlab.profile.data then return synlab.profile.data end
  local sets = synlab.sets()
  return not sets.notmnist.at_hand and sets.letters.at_hand and "letters" or "notmnist"
end

--- The paper's images: their number and digest.
function datasets.papers()
  return require("synlab").sets().notmnist
end

return datasets

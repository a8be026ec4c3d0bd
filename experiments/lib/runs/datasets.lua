--- Which images a page uses: --data, else the paper's if they are at hand, else the built-in set, so
--- that everything runs on a machine that has nothing. What that means for comparisons is
--- comparison.lua's business.
local datasets = {}

function datasets.name()
  return require("synlab").usual_set()
end

--- The paper's images: their number and digest.
function datasets.papers()
  return require("synlab").sets().notmnist
end

return datasets

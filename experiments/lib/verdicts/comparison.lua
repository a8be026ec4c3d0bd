--- When may our numbers stand beside the paper's? The one place that decides.
local comparison = {}

local asked = require "runs.asked"
local datasets = require "runs.datasets"
local format = require "text.format"

--- Is the data set that this run uses the paper's, by its digest over decoded images?
local function papers_images(synlab)
  return synlab.data(datasets.name()).digest == datasets.papers().digest
end

--- For results on images: may published values be shown beside them, and differences be taken?
--- Reduced runs show both numbers without a difference, stand-in data no published number at all.
--- `reduced`: the runs are shorter than the paper's.
function comparison.images()
  local synlab = require "synlab"
  local shown, reduced = papers_images(synlab), synlab.profile.name == "quick"
  return { shown = shown, reduced = reduced, compared = shown and not reduced }
end

--- Do the built-in letters stand in for the paper's images? Else they are some of the reader's own.
local function letters_stand_in()
  local synlab = require "synlab"
  return synlab.data(datasets.name()).digest == synlab.sets().letters.digest
end

comparison.STAND_IN = "stand-in data: not compared"
comparison.OTHER = "other images: not compared"
comparison.QUICK = "quick profile: not judged"

--- Why a claim may not be judged on this page, or nil; `images`: it is about the paper's images.
function comparison.bars(images)
  if images and not papers_images(require "synlab") then
    return letters_stand_in() and comparison.STAND_IN or comparison.OTHER
  end
  return require("synlab").profile.name == "quick" and comparison.QUICK or nil
end

--- Is the paper's set among these?
local function has_papers(sets)
  for _, set in ipairs(sets) do
    if set.digest == datasets.papers().digest then return true end
  end
  return false
end

--- What the report's chapters say on images that are not the paper's.
local function not_the_papers()
  local notmnist = datasets.papers()
  return (letters_stand_in() and "**Stand-in data.** notMNIST small" or "**Other images.** notMNIST small")
    .. (" (%s images, digest `%s`) is what the paper was run on; the images of this page are %s. "
    .. "**No published number on images is compared** with the results here. "
    .. "Where the text says letters, these images stand for them; numbers of inputs, outputs and "
    .. "images in a batch follow them."):format(format.count(notmnist.images), notmnist.digest,
    letters_stand_in() and "the built-in letters, which stand in for them" or "others")
end

--- What a reader must know before the first number; `sets`: the image sets that the page's runs are
--- on; `own`: no chapter of it is the report's.
function comparison.notices(sets, own)
  local list, synlab = {}, require "synlab"
  if synlab.profile.name == "quick" and asked.looked "quick" then
    list[#list + 1] = "**Reduced runs.** This page was made with the quick profile: " .. (own
      and "its script runs fewer iterations or seeds there. It shows that everything works."
      or "fewer iterations on the images and fewer seeds. It shows that everything works; its numbers "
        .. "are **not comparable** with the published ones.")
  end
  if not own and #sets > 0 and not has_papers(sets) then
    list[#list + 1] = not_the_papers()
  elseif own and synlab.data_asked() and not asked.peek "data" and datasets.name() == "letters" then
    list[#list + 1] = "**Built-in letters.** No images were given by `--data`, and notMNIST is not at "
      .. "hand, so runs that name no images are on the built-in letters."
  end
  return list
end

return comparison

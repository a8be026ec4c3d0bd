--- Networks and batches for the images at hand. On the paper's they are the paper's; other sets have
--- other numbers of classes and of images, and what is run follows them.
local images = {}

local format = require "text.format"
local lab = require "experiment"

local function host()
  return require "synlab"
end

--- The set of a name, or the usual one: { name, n, classes, pixels, digest, ... }.
function images.set(name)
  return host().data(name or lab.data())
end

--- A network from the pixels of a set through hidden layers to its classes.
function images.net(hidden, name)
  local set = images.set(name)
  local net = { set.pixels }
  table.move(hidden or {}, 1, #(hidden or {}), 2, net)
  net[#net + 1] = set.classes
  return net
end

--- How many images train at least, as far as a batch is concerned: can `size` of them be drawn?
local function holds(spec, size)
  if spec.split ~= "dedup" and 2 * size <= images.set(spec.data).n then return true end
  local ok, why = pcall(host().specs, lab.declare { id = "trial", title = "Trial",
    runs = { spec } }:specs())
  return ok or not tostring(why):find "images train"
end

--- Runs whose batches the set has too few images for take all of its training images instead, and
--- never draw: all runs of the list, or none.
function images.fit(list)
  local whole = false
  for _, spec in ipairs(list) do
    local size = spec.batch_size or (spec.method == "synaptic" and images.BATCH or 0)
    whole = whole or not holds(spec, size)
  end
  for _, spec in ipairs(whole and list or {}) do spec.batch_size, spec.batch_interval = 0, 0 end
  return list
end

images.BATCH = 5000 -- Table 1

--- Is the usual set too small for batches of `size`?
function images.whole(size)
  return not holds({ task = "images", method = "synaptic", net = images.net(), iterations = 0,
    data = lab.data(), policy = { name = "random" }, batch_size = size }, size)
end

-- ---- networks that died ------------------------------------------------------------------------------

--- An accuracy below which a run has learned nothing to speak of: ten points above chance.
function images.dead()
  return 1 / images.set().classes + 0.1
end

--- Has a network learned anything? Of reduced runs nobody can tell yet.
function images.trains(accuracy)
  return host().profile.name == "quick" or accuracy >= images.dead()
end

--- Did a network with hidden units die, so that what its synapses do is no longer heard? No mean has it in.
function images.died(record)
  local accuracy = record.validation and record.validation.accuracy
  return accuracy ~= nil and #record.spec.net > 2 and not images.trains(accuracy)
end

--- The records that have measurements and did not die.
function images.alive(records)
  local list = {}
  for _, record in ipairs(lab.measured(records)) do
    if not images.died(record) then list[#list + 1] = record end
  end
  return list
end

-- ---- in words -----------------------------------------------------------------------------------

--- "784-32-10"
function images.name(hidden, set)
  return format.value(images.net(hidden, set))
end

--- "letters", or the name of a set that is none of letters.
function images.word()
  local set, sets = images.set(), host().sets()
  local known = set.digest == sets.notmnist.digest or set.digest == sets.letters.digest
  return known and "letters" or set.name
end

--- What the texts of the chapters say of the set.
function images.numbers()
  local set, whole = images.set(), images.whole(images.BATCH)
  local letters = images.word() == "letters"
  return {
    set_is = letters and "Images of the letters A to J in thousands of typefaces"
      or ("The %s images of `%s`, which stand for the paper's letters"):format(format.count(set.n),
        set.name),
    inputs = format.count(set.pixels), outputs = format.count(set.classes),
    batch = whole and "all training" or format.count(images.BATCH),
    batches = whole and "on all training images, as there are fewer than 5,000"
      or "on batches of 5,000 images that are drawn anew every 5,000 iterations",
    dead = format.percent(images.dead(), 0),
  }
end

--- Numbers of a chapter with those of the set beside them.
function images.beside(numbers)
  for name, value in pairs(images.numbers()) do
    if numbers[name] == nil then numbers[name] = value end
  end
  return numbers
end

return images

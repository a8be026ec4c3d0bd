-- Figure 3 of the paper: how the two methods get there, 32 hidden units.
local lab = require "experiment"
local format = require "text.format"
local images = require "setups.images"
local letters = require "setups.letters"
local stats = require "statistics.stats"

local LAST = 0.2 -- of a run: the part that is shown for itself

--- Loss and accuracy of one run, training and validation.
local function pair(record, labels, method, training)
  local function panel(label, title, column, ylabel, percent)
    local c = record.curve
    return {
      kind = "curves", label = label, title = method .. ": " .. title, percent = percent,
      xlabel = "iteration", ylabel = ylabel, yrange = percent and { 0, 100 } or { 0 },
      series = {
        { x = c.iteration, y = c[column], style = "first", title = training, runs = { record } },
        { x = c.iteration, y = c["validation_" .. column], style = "second", title = "validation",
          runs = { record } },
      },
    }
  end
  return panel(labels[1], "loss", "loss", "cross-entropy (nats)"),
    panel(labels[2], "accuracy", "accuracy", "accuracy (%)", true)
end

--- The end of a run: where validation accuracy stands, with Wilson's interval over the images.
local function last_part(record)
  local part, c, n = { x = {}, y = {} }, record.curve, record.data.validation
  for i, iteration in ipairs(c.iteration) do
    local value = c.validation_accuracy[i]
    if iteration >= (1 - LAST) * record.iterations and value == value then
      part.x[#part.x + 1], part.y[#part.y + 1] = iteration, value
    end
  end
  part.ends = record.validation.accuracy
  part.low, part.high = stats.wilson(math.floor(part.ends * n + 0.5), n)
  return part
end

--- Panels of both ends, on one scale, each with where the other method ends.
local function ends(records, labels, names)
  local parts, least, most = {}, 1, 0
  for i, record in ipairs(records) do
    local part = last_part(record)
    parts[i] = part
    least = math.min(least, part.low, table.unpack(part.y))
    most = math.max(most, part.high, table.unpack(part.y))
  end
  local panels, room = {}, 0.08 * (most - least)
  for i, part in ipairs(parts) do
    local n = records[i].iterations
    panels[i] = { kind = "curves", label = labels[i], title = names[i] .. ": last fifth",
      percent = true, xlabel = "iteration", ylabel = "accuracy (%)",
      xrange = { (1 - LAST) * n, (1 + LAST / 20) * n },
      yrange = { 100 * math.max(least - room, 0), 100 * math.min(most + room, 1) },
      series = { { x = part.x, y = part.y, style = "second", title = "validation", runs = { records[i] } },
        { x = { n }, y = { part.ends }, low = { part.low }, high = { part.high }, style = "second",
          title = "its end, 95 % interval", runs = { records[i] } } },
      lines = { { y = parts[3 - i].ends, title = "end of " .. names[3 - i]:gsub("^%u", string.lower) } } }
  end
  return panels[1], panels[2]
end

local function first(records)
  return lab.measured(records)[1]
end

return lab.chapter {
  id = "figure3",
  title = "Figure 3: training curves",
  finding = "the runs of seed ${seed} end at ${synaptic} (synaptic RL) and ${descent} (gradient "
    .. "descent)",
  uses_images = true,
  uses_policy = true,
  needs = { "policy" },

  [[
  One run of each method with 32 hidden units: the runs of seed ${seed} of Table 1. An iteration of
  gradient descent uses every training image and its gradient; one of synaptic RL measures the loss
  of ${batch} images and nothing else. The axes of iterations are therefore not the same.
  ]],

  runs = function(needs)
    return { synaptic = { letters.row("synaptic32", needs.policy)[1] },
      descent = { letters.row("descent32")[1] } }
  end,

  lab.figure {
    name = "figure3",
    title = "Figure 3",
    caption = [[
      32 hidden units, seed ${seed}. **A, B** synaptic RL: loss and accuracy on the current batch and
      on the validation images; **C** the last fifth of B, whose end has Wilson's 95 % interval for a
      share of so many validation images: that of this one network, not of other seeds, and no test
      of the difference, since both methods answer the same images. **D, E, F** gradient descent, on the training and on the validation
      images; C and F have one scale.]],
    columns = 3,
    alt = [[
      Training curves with 32 hidden units: synaptic RL ends at a validation accuracy of ${synaptic}
      after ${synaptic_iterations} iterations, gradient descent at ${descent} after
      ${descent_iterations}.]],
    panels = function(results)
      local synaptic, descent = first(results.synaptic), first(results.descent)
      if not synaptic or not descent then return nil end
      local a, b = pair(synaptic, { "A", "B" }, "Synaptic RL", "current batch")
      local d, e = pair(descent, { "D", "E" }, "Grad. descent", "training")
      local c, f = ends({ synaptic, descent }, { "C", "F" }, { "Synaptic RL", "Grad. descent" })
      return { a, b, c, d, e, f }
    end,
  },

  [[
  **Result.** Synaptic RL ends at a validation accuracy of ${synaptic} after ${synaptic_iterations}
  iterations (training images: ${synaptic_train}), gradient descent at ${descent} after
  ${descent_iterations} (training images: ${descent_train}).
  ]],

  numbers = function(results)
    local numbers = { seed = ("%d"):format(lab.budget().first_seed) }
    for _, method in ipairs { "synaptic", "descent" } do
      local record = first(results[method])
      numbers[method] = format.percent(record and record.validation.accuracy, 2)
      numbers[method .. "_train"] = format.percent(record and record.train.accuracy, 2)
      numbers[method .. "_iterations"] = format.count(record and record.iterations)
    end
    return images.beside(numbers)
  end,
}

-- Figure 3 of the paper: how the two methods get there, 32 hidden units.
local lab = require "experiment"
local format = require "text.format"
local images = require "setups.images"
local letters = require "setups.letters"

--- Loss and accuracy of one run, training and validation.
local function pair(record, labels, method, training)
  local function panel(label, title, column, ylabel, percent)
    local c = record.curve
    return {
      kind = "curves", label = label, title = method .. ": " .. title, percent = percent,
      xlabel = "iteration", ylabel = ylabel, yrange = percent and { 0, 100 } or { 0 },
      series = {
        { x = c.iteration, y = c[column], style = "first", title = training },
        { x = c.iteration, y = c["validation_" .. column], style = "second", title = "validation" },
      },
    }
  end
  return panel(labels[1], "loss", "loss", "cross-entropy (nats)"),
    panel(labels[2], "accuracy", "accuracy", "accuracy (%)", true)
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
      on the validation images. **C, D** gradient descent: on the training and on the validation
      images.]],
    panels = function(results)
      local synaptic, descent = first(results.synaptic), first(results.descent)
      if not synaptic or not descent then return nil end
      local a, b = pair(synaptic, { "A", "B" }, "Synaptic RL", "current batch")
      local c, d = pair(descent, { "C", "D" }, "Gradient descent", "training")
      return { a, b, c, d }
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

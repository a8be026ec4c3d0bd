-- Table 1 without hidden units, once with the text's settings and once with those of the authors'
-- code. With --policy it takes the authors' own table.
local lab = require "experiment"
local format = require "text.format"
local letters = require "setups.letters"
local stats = require "statistics.stats"

return lab.chapter {
  id = "table1-authors",
  title = "Table 1 by the text and by the authors' code",
  finding = "synaptic RL without hidden units has ${text} by the text, ${authors} by the code",
  uses_images = true,
  uses_policy = true,
  uses_seeds = true,
  needs = { "policy" },

  [[
  Where the text is silent, the authors' public code moves biases by two steps where weights move by
  one, puts each image into the validation part with probability 1/4 instead of drawing a quarter of
  them, and stops a run that is below 20 % training accuracy after iteration 25,000. Both rows
  follow ${policy}, without hidden units; published is ${table1.synaptic0.mean} ±
  ${table1.synaptic0.sd}.
  ]],

  runs = function(needs)
    local text = letters.row("synaptic0", needs.policy)
    return { text = text, authors = letters.vary(text, { preset = "authors" }) }
  end,

  lab.table {
    name = "table1-authors",
    title = "Two readings",
    caption = "Validation accuracy in the last iteration, synaptic RL without hidden units.",
    columns = letters.columns,
    rows = function(results)
      return letters.compare {
        { key = "synaptic0", name = "preset `paper`", records = results.text },
        { key = "synaptic0", name = "preset `authors`", records = results.authors },
      }
    end,
  },

  numbers = function(results, needs)
    local function mean(records)
      return format.percent(stats.mean(lab.values(records, "validation.accuracy")), 2)
    end
    return { policy = needs.policy.words, text = mean(results.text),
      authors = mean(results.authors) }
  end,
}

-- Synaptic RL of Table 1 by the text and by the authors' code; and, where it is given (--authors), with
-- the policy table that the authors published.
local lab = require "experiment"
local format = require "text.format"
local letters = require "setups.letters"
local stats = require "statistics.stats"

--- The readings in the order of the table: which row of the paper, and its name here.
local READINGS = {
  { key = "synaptic0", runs = "text", name = "no hidden units: our table, preset `paper`" },
  { key = "synaptic0", runs = "code", name = "our table, preset `authors`" },
  { key = "synaptic0", runs = "own0", name = "the authors' table, preset `paper`" },
  { key = "synaptic0", runs = "own0_code", name = "the authors' table, preset `authors`" },
  { key = "synaptic32", runs = "own32", name = "32 hidden units: the authors' table, preset `paper`" },
}

--- Those that were run, as rows of letters.compare.
local function readings(results)
  local list = {}
  for _, reading in ipairs(READINGS) do
    local records = results[reading.runs]
    if records then
      list[#list + 1] = { key = reading.key, name = reading.name, records = records }
    end
  end
  return list
end

local function runs(needs)
  local text = letters.row("synaptic0", needs.policy)
  local half = math.max(#text // 2, 1)
  local named = { text = text, code = letters.vary(text, { preset = "authors" }, half) }
  local authors = lab.authors_policy()
  if authors then
    named.own0, named.own32 = letters.row("synaptic0", authors), letters.row("synaptic32", authors)
    named.own0_code = letters.vary(named.own0, { preset = "authors" }, half)
  end
  return named
end

--- Mean and standard deviation of the networks that train.
local function words(records)
  if not records then return "not given" end
  local alive = letters.alive(records).values
  return ("%s ± %s (standard deviation, n = %d)"):format(format.percent(stats.mean(alive), 2),
    format.percent(stats.sd(alive), 2), #alive)
end

return lab.chapter {
  id = "table1-authors",
  title = "Table 1 by the text, by the authors' code, and with the authors' table",
  finding = "synaptic RL without hidden units has ${text} by the text, ${code} by the code; with the "
    .. "authors' own table: ${own0}",
  uses_images = true,
  uses_policy = true,
  uses_authors = true,
  uses_seeds = true,
  needs = { "policy" },

  [[
  Where the text is silent, the authors' public code moves biases by two steps where weights move by
  one, puts each image into the validation part with probability 1/4 instead of drawing a quarter of
  them, and stops a run that is below 20 % training accuracy after iteration 25,000. These are the
  choices of the preset `authors`. "Our table" is ${policy}.

  The authors also published the table of values that they trained. It is not part of this project;
  where its file is given (`make repro AUTHORS=FILE`, or `--authors FILE`), the rows of synaptic RL are
  run with it too. That is the closest replication that there can be: nothing of our own training is
  in it. Published are ${table1.synaptic0.mean} ± ${table1.synaptic0.sd} without hidden units and
  ${table1.synaptic32.mean} ± ${table1.synaptic32.sd} with 32.
  ]],

  runs = runs,

  lab.table {
    name = "table1-authors",
    title = "Readings of Table 1",
    caption = [[
      Validation accuracy in the last iteration, synaptic RL, of the networks that train.]],
    columns = letters.columns,
    rows = function(results) return letters.compare(readings(results)) end,
  },

  function(results) return letters.died(readings(results)) end,

  claims = function(results)
    return { ["authors.synaptic0"] = results.own0 and letters.alive(results.own0),
      ["authors.synaptic32"] = results.own32 and letters.alive(results.own32) }
  end,

  numbers = function(results, needs)
    return { policy = needs.policy.words, text = words(results.text), code = words(results.code),
      own0 = words(results.own0), own32 = words(results.own32) }
  end,

  [[
  **Result.** Of the networks that train, without hidden units: our table by the text ${text}, by the
  code ${code}; the authors' table ${own0}. With 32 hidden units the authors' table has ${own32}.
  ]],
}

-- The search for the best rule, all of its rungs as one page. Its result is lib/discovery/found.lua.
local lab = require "experiment"

return lab.book {
  name = "search",
  title = "The search for the best rule",
  intro = [[
    How few evaluations of the loss does a rule need? Each method, the one found here and those of the
    literature, is given the same care: as many settings, drawn from its space, raced by successive halving.
    Nothing here is a result about a method: settings that win a race are the luckiest ones too. What they
    are worth is judged afterwards, on seeds and images that the search has not seen, in the report's chapter
    "The best rule under one number of evaluations".
  ]],
  chapters = { "search-first", "search-second", "search-last" },
}

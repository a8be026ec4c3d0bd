-- The book: the chapters in reading order, as one page.
local lab = require "experiment"

return lab.book {
  name = "report",
  title = "Training networks synapse by synapse: the paper, run again",
  intro = [[
    A. Bhargava, M. R. Rezaei and M. Lankarany, "Gradient-Free Neural Network Training via
    Synaptic-Level Reinforcement Learning" (*AppliedMath* 2022, 2(2), 185–195,
    [doi 10.3390/appliedmath2020011](https://doi.org/10.3390/appliedmath2020011)), train networks
    without any gradient: every weight moves up, moves down or rests, by a rule that looks only at
    its own last moves and at whether the whole network got better. This report runs the paper's
    Figures 1 to 3 and its Table 1 again, and shows the published numbers beside ours. It is a
    replication in the terms of the ACM: another team with programs of its own; no code of the
    authors is used.

    Every number below comes from a result file. Under every figure and table stand the command
    that repeats it, the time its runs took when they were computed (a second run of the command
    takes them from the run store), and its seeds.
  ]],
  chapters = { "figure1", "policy", "picture", "figure2", "table1", "policies", "figure3", "collapse",
    "table1-authors", "cost", "baseline", "split", "ledger", "transfer", "again-tables",
    "again", "rules", "best-rule", "best-rule-parts", "best-rule-why", "best-rule-elsewhere",
    "ablation-history", "ablation-reward", "ablation-cross", "ablation-letters", "ablation-rest" },
  papers = { article = require "paper.article", reforms = require "paper.reforms" },
}

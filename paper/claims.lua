--- What the paper says and a run can check: A. Bhargava, M. R. Rezaei, M. Lankarany,
--- "Gradient-Free Neural Network Training via Synaptic-Level Reinforcement Learning",
--- AppliedMath 2022, 2(2), 185-195. The only place where published numbers are typed.
---
---   id         how texts and tables refer to it
---   where      where it stands in the paper
---   metric     what it is about
---   published  the value, or for a row of statistics a table of values
---   show       how the paper prints it, for string.format; `percent` multiplies by 100 first
---   quote      a statement in the paper's own words
---   threshold  what we take a word ("converged") to mean, where the paper gives no number
---
--- Accuracies and losses are fractions, times seconds.
local HOUR, MINUTE = 3600, 60

return {
  {
    id = "figure1.accuracy", where = "Figure 1, caption", metric = "final accuracy",
    published = 0.959, percent = true, show = "%.1f %%",
  },
  {
    id = "figure1.loss", where = "Figure 1, caption", metric = "final mean Euclidean loss",
    published = 0.004023, show = "%.6f",
  },
  {
    id = "figure1.convergence", where = "section 3, on Figure 1",
    metric = "share of seeds that end at the threshold or above",
    quote = "convergence reliably occurred within 10,000 iterations", threshold = 0.95,
  },
  {
    id = "figure2.accuracy", where = "Figure 2, caption", metric = "final accuracy",
    published = 0.977, percent = true, show = "%.1f %%",
  },
  {
    id = "figure2.loss", where = "Figure 2, caption", metric = "final mean Euclidean loss",
    published = 0.003411, show = "%.6f",
  },
  {
    id = "figure2.speed", where = "section 3, on Figure 2",
    metric = "iterations to the threshold, against Figure 1",
    quote = "convergence occurred slightly more quickly and smoothly", threshold = 0.95,
  },
  {
    id = "table1.synaptic32", where = "Table 1, Syn. RL 32 HU",
    metric = "final validation accuracy", percent = true, show = "%.2f %%",
    published = { n = 5, min = 0.8788, max = 0.8912, mean = 0.8845, sd = 0.0060,
                  runtime = 5.5 * HOUR, params = 25450 },
  },
  {
    id = "table1.descent32", where = "Table 1, Grad. Desc. 32 HU",
    metric = "final validation accuracy", percent = true, show = "%.2f %%",
    published = { n = 5, min = 0.8857, max = 0.9000, mean = 0.8956, sd = 0.0052,
                  runtime = 20 * MINUTE, params = 25450 },
  },
  {
    id = "table1.synaptic0", where = "Table 1, Syn. RL 0 HU",
    metric = "final validation accuracy", percent = true, show = "%.2f %%",
    published = { n = 5, min = 0.8765, max = 0.8884, mean = 0.8828, sd = 0.0041,
                  runtime = 1.5 * HOUR, params = 7850 },
  },
  {
    id = "table1.descent0", where = "Table 1, Grad. Desc. 0 HU",
    metric = "final validation accuracy", percent = true, show = "%.2f %%",
    published = { n = 5, min = 0.8611, max = 0.8673, mean = 0.8642, sd = 0.0022,
                  runtime = 5 * MINUTE, params = 7850 },
  },
  {
    id = "gap.32", where = "section 3, on Figure 3",
    metric = "synaptic RL minus gradient descent, 32 hidden units",
    published = { mean = -0.0111, sd = 0.0079 }, percent = true, show = "%+.2f",
  },
  {
    id = "gap.0", where = "section 3, on Figure 3",
    metric = "synaptic RL minus gradient descent, no hidden units",
    published = { mean = 0.0186, sd = 0.0047 }, percent = true, show = "%+.2f",
  },
  {
    id = "size", where = "abstract", metric = "parameters trained at once",
    published = 20000, show = "%.0f",
    quote = "enables the simultaneous training of over 20,000 parameters",
  },
}

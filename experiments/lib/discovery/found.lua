--- Found by the searches of paper/discovery.md: of each method the setting with the best score in the last rung of
--- any, and which of all was the best there. Beside it the search, and its score.
return {
  best = "probes-number",
  ["probes-bit"] = { K = 10, back = 1, gain = 0.2, keep = 0.99, rate = 8, rate_end = 0.03, share = 1 }, -- first, 91.35
  ["probes-number"] = { K = 40, back = 1, gain = 0.1, keep = 0.998, rate = 32, rate_end = 0.1,
    share = 1 }, -- second, 91.39
  ["perturbation"] = { keep = 0.5, noise = 1, rate = 32, rate_end = 1 }, -- second, 87.98
  ["perturbation-number"] = { keep = 0, noise = 0.15, rate = 16, rate_end = 0.03 }, -- third, 88.96
  ["spsa"] = { gain = 4, pairs = 1, rate = 8, rate_end = 0.1 }, -- first, 90.82
  ["feedsign"] = { gain = 4, pairs = 1, rate = 8, rate_end = 0.1 }, -- first, 90.15
  ["evolution"] = { gain = 8, pairs = 2, rate = 8, rate_end = 0.03 }, -- second, 90.70
  ["one-plus-one"] = { grow = 1.1, rate = 64, rate_end = 0.3 }, -- second, 90.63
  ["rso"] = { rate = 256, rate_end = 1, share = 0.01 }, -- first, 90.43
  ["alopex"] = { every = 10, rate = 16, rate_end = 0.3 }, -- second, 89.32
  ["win-stay"] = { epsilon = 0.2, rate = 32, rate_end = 0.3 }, -- second, 88.28
  ["paper"] = { epsilon = 0.25, rate = 16, rate_end = 0.3 }, -- second, 87.58
}

--- Found by the search of paper/discovery.md, `make search`: of each method the setting with the best score in the
--- last rung, and as the best rule the method with the best score of those that are searched on both networks.
--- Beside each its score.
return {
  best = "probes-number",
  ["probes-bit"] = { K = 40, back = 1, gain = 0.2, keep = 0.998, rate = 8, rate_end = 0.1, share = 1 }, -- 89.04
  ["probes-number"] = { K = 20, back = 1, gain = 0.8, keep = 0.995, rate = 4, rate_end = 0.1, share = 1 }, -- 89.74
  ["perturbation"] = { keep = 0, noise = 1.5, rate = 16, rate_end = 0.3 }, -- 86.55
  ["perturbation-number"] = { keep = 0.5, noise = 0.2, rate = 16, rate_end = 0.3 }, -- 87.61
  ["spsa"] = { gain = 4, pairs = 1, rate = 8, rate_end = 0.03 }, -- 88.22
  ["feedsign"] = { gain = 2, pairs = 1, rate = 8, rate_end = 1 }, -- 88.39
  ["evolution"] = { gain = 8, pairs = 2, rate = 8, rate_end = 0.3 }, -- 88.61
  ["one-plus-one"] = { grow = 1.3, rate = 32, rate_end = 1 }, -- 89.04
  ["rso"] = { rate = 256, rate_end = 0.03, share = 0.1 }, -- 87.50
  ["alopex"] = { every = 10, rate = 16, rate_end = 0.3 }, -- 87.77
  ["win-stay"] = { epsilon = 0.2, rate = 16, rate_end = 0.1 }, -- 86.89
  ["paper"] = { epsilon = 0.25, rate = 16, rate_end = 0.1 }, -- 87.80
}

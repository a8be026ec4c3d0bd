--- How much is run: the paper's size, and a quick one that shows in two minutes on two cores that
--- everything works. Runs a row of Table 1 are `--seeds` (5 and 2); all other sizes stand here.
---
--- And from which seed on: `first_seed` for the runs of Figure 1 and Table 1, `first_unseen` for the
--- tasks on which policies are picked, `first_transfer` for Figure 2. None of these seeds was run
--- before the margins of paper/claims.lua were committed; development used those from 1, 1001 and
--- 2001 on.
local budget = {
  full = {
    training_seeds = 20, -- Figure 1 and the policy lottery
    unseen_tasks = 3,    -- each candidate policy is judged on so many
    transfer_tasks = 20, -- Figure 2
    boundary_iterations = 10000,
    letters = {}, -- Table 1 and Figure 3 as the presets have them
    rules = { boundary_seeds = 10, boundary_iterations = 10000, letters_seeds = 3,
      letters = { iterations = 20000, curve_every = 500, validate_every = 5000 } },
    ledger = { letters_seeds = 3, boundary_seeds = 20, boundary_iterations = 10000,
      letters = { iterations = 20000, curve_every = 500, validate_every = 5000 } },
    baseline = { seeds = 3,
      sgd = { iterations = 20000, curve_every = 100, validate_every = 100 } },
    split = { seeds = 3 },
    transfer = { boundary_seeds = 10, boundary_iterations = 10000, letters_seeds = 2,
      letters = { iterations = 100000, curve_every = 1000, validate_every = 10000 },
      sgd = { iterations = 20000, curve_every = 1000, validate_every = 10000 } },
    collapse = { seeds = 13,
      letters = { iterations = 25000, curve_every = 1000, validate_every = 0 } },
    ablation = { seeds = 10, iterations = 10000, letters_seeds = 3,
      letters = { iterations = 20000, curve_every = 1000, validate_every = 10000 } },
  },
  quick = {
    training_seeds = 4,
    unseen_tasks = 3,
    transfer_tasks = 4,
    boundary_iterations = 10000,
    letters = {
      synaptic32 = { iterations = 3000, curve_every = 50, validate_every = 50 },
      descent32 = { iterations = 60, curve_every = 1, validate_every = 1 },
      synaptic0 = { iterations = 4000, curve_every = 50, validate_every = 50 },
      descent0 = { iterations = 150, curve_every = 5, validate_every = 5 },
    },
    rules = { boundary_seeds = 2, boundary_iterations = 1000, letters_seeds = 1,
      letters = { iterations = 300, curve_every = 100, validate_every = 300 } },
    ledger = { letters_seeds = 2, boundary_seeds = 2, boundary_iterations = 1000,
      letters = { iterations = 500, curve_every = 100, validate_every = 500 } },
    baseline = { seeds = 2,
      sgd = { iterations = 500, curve_every = 50, validate_every = 50 } },
    split = { seeds = 2 },
    transfer = { boundary_seeds = 1, boundary_iterations = 1000, letters_seeds = 1,
      letters = { iterations = 500, curve_every = 100, validate_every = 500 },
      sgd = { iterations = 200, curve_every = 100, validate_every = 200 } },
    collapse = { seeds = 2,
      letters = { iterations = 200, curve_every = 100, validate_every = 0 } },
    ablation = { seeds = 2, iterations = 300, letters_seeds = 2,
      letters = { iterations = 200, curve_every = 100, validate_every = 200 } },
  },
}

for _, sizes in pairs(budget) do
  sizes.first_seed, sizes.first_unseen, sizes.first_transfer = 101, 11001, 12001
end

return budget

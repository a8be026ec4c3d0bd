--- How much is run: `full`, the sizes of the registration (paper/registration.md), and a quick one that
--- shows in two minutes on two cores that everything works.
---
--- And from which seed on: `first_seed` for the runs of Figure 1, of Table 1 and all that is paired with
--- them, `first_unseen` for the tasks on which policies are picked, `first_transfer` for Figure 2,
--- `first_case` for other networks and tasks, `first_policy` for ten policies on letters. None of these
--- seeds was run before the claims that rest on them stood in paper/claims.lua. `first_again` and on are
--- those of the second look at what the first left open: tables trained, letters with them, cases. Development used those from 1, 1001
--- and 2001 on, the first registration those from 101, 11001, 12001, 14001 and 21001 on.
local budget = {
  full = {
    training_seeds = 100, -- Figure 1
    drawn_seeds = 20,     -- the first of them, and of Figure 2: with maps, for the figures
    candidates = 40,      -- the first of them: the policy lottery
    unseen_tasks = 3,     -- each candidate policy is judged on so many
    transfer_tasks = 100, -- Figure 2
    boundary_iterations = 10000,
    letters = {}, -- Table 1 and Figure 3 as the presets have them
    table1 = { synaptic32 = 10, descent32 = 10, synaptic0 = 20, descent0 = 10 }, -- runs a row
    policies = { final = 20, average = 10, splits = 2 }, -- on letters without hidden units
    rules = { boundary_seeds = 10, boundary_iterations = 10000, letters_seeds = 3,
      letters = { iterations = 20000, curve_every = 500, validate_every = 5000 } },
    ledger = { letters_seeds = 4, deep_seeds = 3, boundary_seeds = 20, boundary_iterations = 10000,
      letters = {}, -- at full length
      deep = { iterations = 20000, curve_every = 500, validate_every = 5000 } },
    baseline = { seeds = 10, other_seeds = 5, plateau0 = { iterations = 2000 }, long0 = { iterations = 10000 },
      plateau32 = { iterations = 1500 },
      sgd = { iterations = 20000, curve_every = 100, validate_every = 100 } },
    split = { seeds = 10 },
    again = { tables = 100, weak = 1000, boundary = 100, letters = 40 }, -- the second look
    transfer = { boundary_seeds = 40, boundary_iterations = 10000, letters_seeds = 14,
      letters = { iterations = 100000, curve_every = 1000, validate_every = 10000 },
      sgd = { iterations = 20000, curve_every = 1000, validate_every = 10000 } },
    collapse = { seeds = 80,
      letters = { iterations = 25000, curve_every = 1000, validate_every = 0 } },
    ablation = { seeds = 10, iterations = 10000, letters_seeds = 3,
      letters = { iterations = 20000, curve_every = 1000, validate_every = 10000 } },
    search = { rungs = { { settings = 18, evaluations = 5000, seeds = 1 },
      { settings = 6, evaluations = 10000, seeds = 1, deep = true },
      { settings = 3, evaluations = 20000, seeds = 2, deep = true } } },
    best = { seeds = 10, flat = 20000, deep = 25000, every = 250, parts_seeds = 5, parts = 10000,
      few = 3, unseen32 = 5, wide = 10000, why_seeds = 3, stretch = 100, descent0 = 2000, descent32 = 1500 },
  },
  quick = {
    training_seeds = 4,
    drawn_seeds = 4,
    candidates = 4,
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
    table1 = { synaptic32 = 2, descent32 = 2, synaptic0 = 2, descent0 = 2 },
    policies = { final = 2, average = 2, splits = 1 },
    ledger = { letters_seeds = 2, deep_seeds = 2, boundary_seeds = 2, boundary_iterations = 1000,
      letters = { iterations = 500, curve_every = 100, validate_every = 500 },
      deep = { iterations = 500, curve_every = 100, validate_every = 500 } },
    baseline = { seeds = 2, other_seeds = 1, plateau0 = { iterations = 100 }, long0 = { iterations = 300 },
      plateau32 = { iterations = 60 },
      sgd = { iterations = 500, curve_every = 50, validate_every = 50 } },
    split = { seeds = 2 },
    again = { tables = 2, weak = 2, boundary = 1, letters = 1 },
    transfer = { boundary_seeds = 1, boundary_iterations = 1000, letters_seeds = 1,
      letters = { iterations = 500, curve_every = 100, validate_every = 500 },
      sgd = { iterations = 200, curve_every = 100, validate_every = 200 } },
    collapse = { seeds = 2,
      letters = { iterations = 200, curve_every = 100, validate_every = 0 } },
    ablation = { seeds = 2, iterations = 300, letters_seeds = 2,
      letters = { iterations = 200, curve_every = 100, validate_every = 200 } },
    search = { rungs = { { settings = 3, evaluations = 40, seeds = 1 },
      { settings = 2, evaluations = 80, seeds = 1, deep = true },
      { settings = 1, evaluations = 160, seeds = 1, deep = true } } },
    best = { seeds = 2, flat = 80, deep = 100, every = 5, parts_seeds = 2, parts = 40,
      few = 1, unseen32 = 1, wide = 40, why_seeds = 1, stretch = 10, descent0 = 20, descent32 = 20 },
  },
}

for _, sizes in pairs(budget) do
  sizes.first_seed, sizes.first_unseen, sizes.first_transfer = 30001, 31001, 32001
  sizes.first_case, sizes.first_policy = 33001, 34001
  sizes.first_again = { tables = 36001, letters = 37001, cases = 38001 }
  -- Of the search: the split of all of its runs, by what settings are drawn, its seeds.
  sizes.search.split_seed, sizes.search.draw, sizes.search.first_seed = 40001, 40004, 40401
end

return budget

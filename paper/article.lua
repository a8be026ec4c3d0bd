--- The paper that is reproduced, as catalogues have it. CITATION.cff says the same; a test compares them.
return {
  title = "Gradient-Free Neural Network Training via Synaptic-Level Reinforcement Learning",
  authors = {
    { given = "Aman", family = "Bhargava" },
    { given = "Mohammad R.", family = "Rezaei" },
    { given = "Milad", family = "Lankarany", corresponding = true },
  },
  journal = "AppliedMath", year = 2022, volume = 2, issue = 2, pages = { 185, 195 },
  doi = "10.3390/appliedmath2020011",
  licence = "CC-BY-4.0",
}

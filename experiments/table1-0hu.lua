-- Table 1, the two rows without hidden units.
return require("table1"):with {
  id = "table1-0hu",
  title = "Table 1, without hidden units",
  only = { "synaptic0", "descent0" },
}

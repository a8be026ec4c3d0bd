-- Table 1, the two rows with 32 hidden units.
return require("table1"):with {
  id = "table1-32hu",
  title = "Table 1, with 32 hidden units",
  only = { "synaptic32", "descent32" },
}

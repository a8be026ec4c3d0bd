-- expect: is assigned
table.insert(_ENV, "mine")

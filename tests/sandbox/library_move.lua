-- expect: is assigned; what stands in 'string' cannot be changed
table.move({ 1 }, 1, 1, 1, string)

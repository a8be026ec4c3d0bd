-- expect: to 'string.rep'
table.sort({ 1, 2 }, string.rep)
table.sort({ {}, {} }, string.rep)

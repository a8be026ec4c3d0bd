-- expect: an error was raised with a table
error({ code = 1 })

-- expect: an error with a table for a text
error({ code = 1 })

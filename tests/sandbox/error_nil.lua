-- expect: error_nil.lua:2: an error without a text
error()

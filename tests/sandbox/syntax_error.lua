-- expect: syntax_error.lua:2: unexpected symbol near '..'
local x = ..

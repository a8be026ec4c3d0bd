-- expect: error_text.lua:3: on purpose
-- The line of the error stands in its message.
error("on purpose")

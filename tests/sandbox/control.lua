-- expect: control.lua:3: a  [2J b
-- What reaches a terminal cannot drive it.
error("a\27\n[2J\rb")

-- expect: global 'x' is assigned; write `local x
x = 1

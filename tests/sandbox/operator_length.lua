-- expect: operator_length.lua:2: attempt to get the length of a nil value
return #(nil)

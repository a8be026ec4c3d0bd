-- expect: math.abs is assigned; what stands in 'math' cannot be changed
math.abs = function() return 0 end

-- expect: nothing is named 'mat'; did you mean 'math'
return mat.abs(1)

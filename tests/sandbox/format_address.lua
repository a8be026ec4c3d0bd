-- expect: %p is not offered
return string.format("%p", {})

-- expect: %p is not offered
return string.format("%%%d\0%-20p", 1, {})

-- expect: %p is not offered
-- What stands behind a NUL byte counts too.
return string.format("\0%p", {})

-- expect: ok
assert(string.format("\0%s\0%5s|%%", {}, string.format) == "\0table\0function|%")

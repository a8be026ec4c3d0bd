-- expect: an error was raised with a nil
error()

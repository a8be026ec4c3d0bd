-- expect: debug is not offered to a rule
debug.getregistry()

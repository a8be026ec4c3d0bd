-- expect: package is not offered to a rule
package.loadlib("libc.so.6", "system")

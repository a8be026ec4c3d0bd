-- expect: require is not offered to a rule
require "os"

#!/usr/bin/env synlab
-- expect: ok
assert(#"é" == 2)

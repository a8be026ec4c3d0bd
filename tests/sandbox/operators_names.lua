-- expect: the name '_LENGTH' is the sandbox's own
local _LENGTH = 1

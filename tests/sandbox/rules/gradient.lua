-- expect: sees: a synapse cannot see 'gradient'
return rule { name = "descent", sees = { "gradient" }, step = function(v, out) out:sign(0) end }

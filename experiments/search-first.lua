-- Rung 1 of the search for the best rule: see lib/discovery/race.lua.
return require("discovery.race").rung(1)

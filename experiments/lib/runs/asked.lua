--- What the command line asked for, and whether any script has looked at it: what nobody looks at
--- changes nothing, and that is said.
local asked = {}

local synlab = require "synlab"
local looked = {}

--- Options that scripts read themselves: in the profile, which notes it.
local watched = { seeds = synlab.profile.seeds, policy = synlab.profile.policy,
  authors = synlab.profile.authors,
  data = synlab.profile.data }
for key in pairs(watched) do synlab.profile[key] = nil end
setmetatable(synlab.profile, { __index = function(_, key)
  looked[key] = true
  if key == "seeds" and not synlab.profile.seeds_given then looked.quick = true end -- which says how many
  return watched[key]
end })

--- Somebody has looked at an option by another way.
function asked.look(option)
  looked[option] = true
end

--- An option without its being noted.
function asked.peek(option)
  return watched[option]
end

--- Has anybody looked at it?
function asked.looked(option)
  return looked[option] or false
end

local told

--- Says, in a line each, what was asked for and nobody has looked at: before the page `name` runs; or,
--- if there is no page, behind the script of that name.
function asked.say_unused(name)
  local profile = synlab.profile
  told, looked.data = true, looked.data or synlab.data_asked()
  local given = { ["--data " .. (watched.data or "")] = watched.data and "data",
    ["--policy " .. (watched.policy or "")] = watched.policy and "policy",
    ["--authors " .. (watched.authors or "")] = watched.authors and "authors",
    ["--seeds " .. ("%.0f"):format(watched.seeds or 0)] = profile.seeds_given and "seeds",
    ["--quick"] = profile.name == "quick" and "quick" }
  for _, flag in ipairs(require("text.names").keys(given)) do
    if given[flag] and not looked[given[flag]] then
      synlab.say(("%s: nothing of '%s' asks for it, so it changes nothing%s"):format(flag, name,
        flag == "--quick" and " but where the page goes" or ""))
    end
  end
end

function asked.say_unused_without_page(name)
  if not told then asked.say_unused(name) end
end

return asked

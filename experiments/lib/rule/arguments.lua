--- The arguments of `synlab rule show` and `rule try`: a file, flags, and parameters NAME=NUMBER.
local names = require "text.names"

--- `flags` maps a flag to "word" (takes a value) or true. Returns file, params, flags given.
return function(command, flags)
  local file, params, given = nil, {}, {}
  local i = 1
  while arg[i] do
    local name, value = arg[i]:match "^([%a_][%w_]*)=(.*)$"
    local flag, inline = arg[i]:match "^%-%-([%a]+)=?(.*)$"
    if name then
      if params[name] then error(("rule %s: %s is given twice"):format(command, name), 0) end
      params[name] = tonumber(value)
        or error(("rule %s: %s: a parameter is a number"):format(command, arg[i]), 0)
    elseif flag then
      names.check({ [flag] = true }, flags, ("rule %s --"):format(command))
      if flags[flag] == "word" and inline == "" then
        i = i + 1
        inline = arg[i] or error(("rule %s: --%s wants a value"):format(command, flag), 0)
      end
      given[flag] = inline
    elseif file then
      error(("rule %s: one file, but here is a second, '%s'; a parameter is given as NAME=NUMBER"):format(
        command, arg[i]), 0)
    else
      file = arg[i]
    end
    i = i + 1
  end
  return file or error(("rule %s: which file?"):format(command), 0), params, given
end

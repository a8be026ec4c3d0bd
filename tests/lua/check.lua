-- The smallest test runner that is of use: named tests, exact messages, a count at the end.
local check = { passed = 0, failures = {} }

function check.test(name, body)
  local ok, message = xpcall(body, debug.traceback)
  if ok then
    check.passed = check.passed + 1
  else
    check.failures[#check.failures + 1] = ("FAILED %s\n  %s"):format(name, message)
  end
end

local function show(value)
  return type(value) == "string" and ("%q"):format(value) or tostring(value)
end

function check.same(got, wanted)
  if type(got) == "table" and type(wanted) == "table" then
    for key, value in pairs(wanted) do check.same(got[key], value) end
    for key in pairs(got) do
      if wanted[key] == nil then error("has " .. show(key) .. ", which it should not", 2) end
    end
  elseif got ~= wanted then
    error(("is %s, should be %s"):format(show(got), show(wanted)), 2)
  end
end

function check.near(got, wanted, tolerance)
  if type(got) ~= "number" or not (math.abs(got - wanted) <= (tolerance or 1e-12)) then
    error(("is %s, should be %s"):format(show(got), show(wanted)), 2)
  end
end

-- The call must fail, with one line that contains `part`.
function check.fails(part, body, ...)
  local ok, message = pcall(body, ...)
  if ok then error("does not fail", 2) end
  message = tostring(message)
  if not message:find(part, 1, true) then
    error(("the message is %q, without %q"):format(message, part), 2)
  end
  if message:find("\n") then error("the message has more than one line: " .. message, 2) end
end

function check.contains(text, part)
  if not text:find(part, 1, true) then error(("%q is not in\n%s"):format(part, text), 2) end
end

function check.finish()
  for _, failure in ipairs(check.failures) do io.stderr:write(failure, "\n") end
  print(("%d Lua tests passed, %d failed"):format(check.passed, #check.failures))
  if #check.failures > 0 then error("Lua tests failed", 0) end
end

return check

-- expect: ok
-- A chain of .. holds where the stack grows or shrinks in the middle of it.
local function join(n)
  local text = "a" .. n .. "b" .. n .. "c"
  assert(text == table.concat({ "a", n, "b", n, "c" }))
  return n == 0 and 0 or 1 + join(n - 1)
end
for _ = 1, 3 do assert(join(3000) == 3000) end

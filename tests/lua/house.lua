-- Guards the arrows of the house, between its rooms and inside of them, in C and in Lua. Reads every
-- include and every require; fails on an arrow that runs against them, on a source that no
-- CMakeLists.txt names, on a test that is not run, and on code that reads reports/.
--
--   synlab run tests/lua/house.lua        from the project's root

-- The rooms of a floor from the ground up: each may include itself and those before it.
local floors = {
  { "engine/base", "engine/numeric", "engine/data" },
  { "engine/base", "engine/numeric", "engine/net" }, -- beside engine/data, not above it
  { "engine/base", "engine/numeric", "engine/data", "engine/net", "engine/train", "policies",
    "policies/tables", "policies/sandbox", "policies/scripted", "experiments/host/base",
    "experiments/host/store", "experiments/host/run", "experiments/host/pages",
    "experiments/host/bench", "experiments/host/script", "experiments/host/commands" },
  { "experiments/lib/text", "experiments/lib/statistics", "experiments/lib/runs",
    "experiments/lib/verdicts", "experiments/lib/pictures", "experiments/lib/study",
    "experiments/lib/papers", "experiments/lib/pages", "experiments/lib", "experiments/lib/rule", "experiments/lib/setups", "experiments/lib/discovery",
    "experiments", "paper" },
}
local may = {}
for _, floor in ipairs(floors) do
  for i, room in ipairs(floor) do
    may[room] = may[room] or table.move(floor, 1, i, 1, {})
  end
end

local faults = {}
local function fault(...) faults[#faults + 1] = string.format(...) end

local function read(path)
  local file = assert(io.open(path))
  local text = file:read "a"
  file:close()
  return text
end

local function files(pattern)
  local list = {}
  local pipe = assert(io.popen("git ls-files --cached --others --exclude-standard -- " .. pattern))
  for path in pipe:lines() do
    local file = io.open(path) -- deleted files are listed until they are committed
    if file then
      file:close()
      list[#list + 1] = path
    end
  end
  pipe:close()
  return list
end

local function room_of(path)
  return path:match "^(.*)/[^/]+$"
end

local function allowed(from, to)
  for _, room in ipairs(may[from] or {}) do
    if to == room then return true end
  end
  return false
end

local sources = files "'engine/*.[ch]' 'policies/*.[ch]' 'experiments/*.[ch]'"
assert(#sources > 20, "no sources found: run this from the project's root, in a git checkout")

local includes = 0
for _, path in ipairs(sources) do
  local from = room_of(path)
  for target in read(path):gmatch '#include%s+"([^"]+)"' do
    includes = includes + 1
    local to = room_of(target)
    if not may[to] then
      fault("%s includes %s: write the path from the root", path, target)
    elseif not allowed(from, to) then
      fault("%s includes %s: no arrow runs from %s to %s", path, target, from, to)
    end
  end
  if from:find "^engine" and read(path):find "<lua" then
    fault("%s knows Lua: only policies and experiments may", path)
  end
end
assert(includes > 50, "too few includes read: the pattern is wrong")

-- A number in a text and what it counts are one value, by format.counted: there may be one of it.
local counted = { seeds = true, targets = true, tasks = true }
for _, path in ipairs(files "'experiments/*.lua'") do
  for words in read(path):gmatch "%${[%w_]+}([%s%l]+)" do
    for word in words:match "^%s*(%l*%s*%l*%s*%l*)":gmatch "%l+" do
      if word == "of" or word == "on" then break end
      if counted[word] then
        fault("%s: ${...} %s: one of them would be called so too; see format.counted", path, word)
      end
    end
  end
end

-- The Lua modules: require "room.module", or "module" of the library's face.
local requires = 0
for _, path in ipairs(files "'experiments/*.lua' 'paper/*.lua'") do
  local from = room_of(path)
  for name in read(path):gmatch 'require *%(? *"([%w_.-]+)"' do
    local target = "experiments/lib/" .. name:gsub("%.", "/") .. ".lua"
    local file = name ~= "synlab" and io.open(target)
    if file then
      file:close()
      requires = requires + 1
      if not allowed(from, room_of(target)) then
        fault("%s requires %s: no arrow runs from %s to %s", path, name, from, room_of(target))
      end
    end
  end
end
assert(requires > 50, "too few requires read: the pattern is wrong")

-- The one place that knows libarchive and libpng; the engine never prints and never exits.
for _, path in ipairs(sources) do
  local text = read(path)
  if text:find "#include <archive" or text:find "#include <png" then
    if not path:find "^engine/data/" then fault("%s knows libarchive or libpng", path) end
  end
  if path:find "^engine/" or path:find "^policies/" then
    for _, call in ipairs { "printf%(", "puts%(", "exit%(", "abort%(" } do
      if text:find("[^%w_]" .. call) then fault("%s calls %s", path, call:gsub("%%", "")) end
    end
  end
  if text:find '"reports/' then fault("%s reads reports/, which is only written", path) end
end

-- Every source is named in the CMakeLists.txt of its room.
for _, path in ipairs(sources) do
  local folder, name = path:match "^(.*)/([^/]+%.c)$"
  if name then
    local named = false
    repeat
      local file = io.open(folder .. "/CMakeLists.txt")
      if file then
        named = named or file:read "a":find(name, 1, true) ~= nil
        file:close()
      end
      folder = folder:match "^(.*)/[^/]+$"
    until not folder
    if not named then fault("%s is named in no CMakeLists.txt", path) end
  end
end

-- Every test of a Lua module is run.
local runner = read "tests/lua/run.lua"
for _, path in ipairs(files "'tests/lua/test_*.lua'") do
  local name = path:match "test_([%w_]+)%.lua$"
  if not runner:find(('"%s"'):format(name), 1, true) then
    fault("%s is not named in tests/lua/run.lua", path)
  end
end

if #faults > 0 then
  error("the house has faults:\n  " .. table.concat(faults, "\n  "), 0)
end
print(string.format("%d sources, %d includes, %d requires: the arrows hold", #sources, includes,
  requires))

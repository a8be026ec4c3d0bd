-- Guards the arrows of the house: experiments -> policies -> engine, and inside the engine
-- train -> net, data -> numeric -> base. Reads every include and every link; fails on an arrow
-- that runs against them, on a source that no CMakeLists.txt names, and on code that reads reports/.
--
--   synlab run tests/lua/house.lua        from the project's root

-- A room may include itself and what stands behind its name.
local may = {
  ["engine/base"] = {},
  ["engine/numeric"] = { "engine/base" },
  ["engine/data"] = { "engine/numeric", "engine/base" },
  ["engine/net"] = { "engine/numeric", "engine/base" },
  ["engine/train"] = { "engine/net", "engine/data", "engine/numeric", "engine/base" },
  ["policies"] = { "engine" },
  ["experiments"] = { "policies", "engine" },
}

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
  return path:match "^engine/[^/]+" or path:match "^[^/]+"
end

local function allowed(from, to)
  if from == to then return true end
  for _, room in ipairs(may[from]) do
    if to == room or to:sub(1, #room + 1) == room .. "/" then return true end
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
  if from ~= "experiments" and read(path):find "<lua" and not path:find "^policies/" then
    fault("%s knows Lua: only policies and experiments may", path)
  end
end
assert(includes > 50, "too few includes read: the pattern is wrong")

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

if #faults > 0 then
  error("the house has faults:\n  " .. table.concat(faults, "\n  "), 0)
end
print(string.format("%d sources, %d includes: the arrows hold", #sources, includes))

-- Runs every snippet of a page of docs/, in order, in a folder of its own.
--
--   lua   `-- NAME.lua` on its first line names the file; a rule must pass `synlab rule check`,
--         and with ": fails" behind the name it must not
--   sh    every line is a command that must succeed
--   python `# NAME.py` on its first line names the file; where Python is missing, what calls it is left out
--   text  must be in what the last command said
--
--   SYNLAB=path of the program PAGE=docs/X.md synlab run tests/docs/page.lua     from the root
local program = assert(os.getenv "SYNLAB", "SYNLAB is not set")
local path = assert(os.getenv "PAGE", "PAGE is not set")
local page = assert(io.open(path)):read "a"
local folder = os.tmpname()
os.remove(folder)
assert(os.execute("mkdir " .. folder))

local function quote(text) return "'" .. text:gsub("'", "'\\''") .. "'" end

--- Runs a command in the folder; did it succeed, and what did it say?
local function run(command)
  local said = folder .. "/said"
  local ok = os.execute(("cd %s && { synlab() { %s \"$@\"; }; %s\n} > %s 2>&1")
    :format(quote(folder), quote(program), command, quote(said)))
  return ok, assert(io.open(said)):read "a"
end

local last, counts = "", { lua = 0, python = 0, sh = 0, text = 0 }
local python = os.execute "python3 -c '' 2>/dev/null"
local snippets = {}

function snippets.lua(text)
  local name, fails = text:match "^%-%- ([%w_-]+%.lua)(:? ?[a-z]*)\n"
  assert(name, "a snippet without a file's name:\n" .. text)
  assert(io.open(folder .. "/" .. name, "w")):write(text):close()
  if not text:find "return rule" then return end -- an experiment: a command will run it
  local ok
  ok, last = run("synlab rule check " .. name)
  if (not ok) ~= (fails == ": fails") then
    error(("%s: %s\n%s"):format(name, ok and "passes" or "fails", last), 0)
  end
end

function snippets.python(text)
  local name = assert(text:match "^# ([%w_-]+%.py)\n", "a snippet without a file's name")
  assert(io.open(folder .. "/" .. name, "w")):write(text):close()
end

function snippets.sh(text)
  if not python and text:find "python3" then
    last = nil
    return print "SKIPPED: there is no python3"
  end
  for command in text:gmatch "[^\n]+" do
    local ok
    ok, last = run(command)
    if not ok then error(("%s: fails\n%s"):format(command, last), 0) end
  end
end

function snippets.text(text)
  if last and not last:find(text:gsub("%s+$", ""), 1, true) then
    error(("expected:\n%s\ngot:\n%s"):format(text, last), 0)
  end
end

for kind, text in page:gmatch "```(%a+)\n(.-)```" do
  assert(snippets[kind], "a snippet of kind " .. kind)
  snippets[kind](text)
  counts[kind] = counts[kind] + 1
end
os.execute("rm -rf " .. quote(folder))
assert(counts.sh > 0 and counts.text + counts.python > 0, "too few snippets")
print(("%d files, %d groups of commands, %d messages"):format(counts.lua + counts.python, counts.sh, counts.text))

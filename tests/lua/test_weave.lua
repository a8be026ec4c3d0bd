local check, weave = require "check", require "text.weave"
local test, same = check.test, check.same

test("weave.dedent takes the common indentation", function()
  same(weave.dedent "\n    one\n\n      two\n    three\n  ", "one\n\n  two\nthree")
  same(weave.dedent "plain", "plain")
end)

test("weave.fill: numbers first, then the lookup, else an error", function()
  local function lookup(name) return name == "claim.a" and "95 %" or nil end
  same(weave.fill("${x} of ${claim.a}", { x = 3 }, lookup, "here"), "3 of 95 %")
  check.fails("c: the text has ${sheed}, which no number is named (did you mean ${seed}?)",
    weave.fill, "${sheed}", { seed = 1 }, lookup, "c")
end)

test("weave.wrap fills paragraphs and leaves tables alone", function()
  local word = ("x"):rep(30)
  same(weave.wrap(("%s\n%s %s\n%s\n\nnext"):format(word, word, word, word)),
    ("%s %s %s\n%s\n\nnext"):format(word, word, word, word))
  check.contains(weave.wrap(("x"):rep(95) .. " 12.5 %, y"), "\n12.5 %, y")
  same(weave.wrap "| a |\n| - |\n> q", "| a |\n| - |\n> q")
  same(weave.wrap(("1. %s %s %s\n   %s\n2. y"):format(word, word, word, word)),
    ("1. %s %s %s\n   %s\n2. y"):format(word, word, word, word))
end)

test("weave.wrap leaves code between fences, nested lists and indented code as they are", function()
  for _, text in ipairs { "```sh\na\nb   c\n\n# d\n```\n\nend", "~~~\n| x\n```\ny\n~~~",
    "- one\n  - two\n  - three\n- four", "Code:\n\n    a = 1\n    b  = 2\n\nend",
    "1) a\n2) b", "+ a\n+ b", "```\nopen to the end\nx" } do
    same(weave.wrap(text), text)
  end
end)

local function record(seed, status, changes)
  local r = { status = status, seconds = 2, iterations = 40, spec = { seed = seed } }
  for key, value in pairs(changes or {}) do r[key] = value end
  return r
end

test("weave.repeat_line counts what failed", function()
  same(weave.repeat_line("cmd", { record(1, "ended"), record(2, "ended"), record(3, "failed") }),
    "*Repeat:* `cmd` · 3 runs (1 failed) · seeds 1 to 3 · 6.0 s of computing")
  same(weave.repeat_line("cmd", { record(7, "ended") }),
    "*Repeat:* `cmd` · 1 run · seed 7 · 2.0 s of computing")
end)

test("weave.failures shows every run that did not end", function()
  local function name(r) return ("seed %d"):format(r.spec.seed) end
  same(weave.failures({ record(1, "ended") }, name), nil)
  local text = weave.failures({ record(1, "ended"), record(2, "failed", { error = "no memory" }),
    record(3, "aborted") }, name)
  check.contains(text, "- seed 2 failed: no memory")
  check.contains(text, "- seed 3 aborted after 40 iterations")
end)

test("weave.document: notices before everything, contents for more than one chapter", function()
  local parts = { title = "T", notices = { "**Stand-in.**" }, intro = "Hello.", provenance = "P",
    chapters = { { title = "Figure 1: a, b?", body = "One." }, { title = "Two", body = "Two." } } }
  same(weave.document(parts), "# T\n\n> **Stand-in.**\n\nHello.\n\n"
    .. "1. [Figure 1: a, b?](#figure-1-a-b)\n2. [Two](#two)\n\nP\n\n"
    .. "## Figure 1: a, b?\n\nOne.\n\n## Two\n\nTwo.\n")
  parts.chapters[2].finding = "it is so"
  check.contains(weave.document(parts), "\n2. [Two](#two): it is so\n")
  parts.chapters[2] = nil
  if weave.document(parts):find("1. [", 1, true) then error "contents of a single chapter" end
end)

test("weave: an error stands as it is, and a title is a sentence once", function()
  same(weave.literal("a <b> & `c` *d* |"), "a &lt;b> &amp; \\`c\\` \\*d\\* \\|")
  same(weave.sentence("Does it help?"), "Does it help?")
  same(weave.sentence("It helps"), "It helps.")
  check.contains(weave.failures({ { status = "failed", error = "<script>", spec = {} } },
    function() return "rate = 1" end), "- rate = 1 failed: &lt;script>")
end)

test("weave.provenance: the sources' SWHID, or why they have none", function()
  local versions = { synlab = "1", commit = "c0ffee", numerics = "2", lua = "L", gnuplot = "G",
    openblas = "B", compiler = "C", cpu = "P", isa = "I", swhid = "swh:1:dir:" .. ("a"):rep(40) }
  versions.memory, versions.os = "24 GiB", "Debian"
  local function page()
    return weave.provenance { profile = { name = "full", cores = 2 }, versions = function() return versions end }
  end
  check.contains(page(), "P (kernels: I), 2 cores")
  check.contains(page(), "24 GiB; Debian")
  local function row()
    return page():match "SWHID of the sources +| (.-) +|"
  end
  same(row(), "`" .. versions.swhid .. "`")
  versions.swhid, versions.commit = 0 / 0, "c0ffee-changed" -- as null is handed over
  same(row(), "none: the sources were changed after commit c0ffee")
  versions.commit = "unknown"
  same(row(), "none: the program was built from sources without git")
end)

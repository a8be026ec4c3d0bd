-- The papers of a report, on one that is made up here.
local check, codecheck, crate = require "check", require "papers.codecheck", require "papers.crate"
local facts, reforms, weave = require "papers.facts", require "papers.reforms", require "text.weave"
local test, same = check.test, check.same

local here = debug.getinfo(1, "S").source:match("^@(.*)[/\\]") or "."
local root = here .. "/../../"
package.path = package.path .. ";" .. root .. "?.lua"
local article, checklist = require "paper.article", require "paper.reforms"

local SWHID = "swh:1:dir:" .. ("a"):rep(40)
local NOTICE = "**Reduced runs.** This page was made with the quick profile."

local function report(changes)
  local f = { title = "A report", article = article, report = "report.md", profile = "full",
    command = "synlab run 'a b.lua'", script = "a b.lua", notices = {}, notices_marked = {}, runs = 12,
    versions = { synlab = "1.0", commit = "c0ffee", swhid = SWHID, numerics = "2", compiler = "C",
      flags = "-O2", cpu = "P", isa = "i", lua = "L", gnuplot = "G", openblas = "B" },
    images = { { name = "letters", n = 3, classes = 2, digest = ("d"):rep(64) } },
    times = { began = "2026-11-28T01:00:00Z", ended = "2026-11-28T02:00:00Z" },
    statuses = { ended = 11, diverged = 1 }, sections = {} }
  for _, id in ipairs { "figure1", "policy", "table1", "baseline", "split", "ledger", "transfer",
    "collapse", "cost", "figure2", "registration", "took", "papers" } do
    f.sections[#f.sections + 1] = { id = id, title = "Section (of): " .. id, body = "B" }
  end
  f.files = facts.files({ { path = "report.md", sha256 = ("1"):rep(64), size = 10 },
    { path = "figures/a.svg", sha256 = ("2"):rep(64), size = 1000000 },
    { path = "odd name.dat", sha256 = ("3"):rep(64), size = 0 } },
    { ["figures/a"] = 'The "best" figure', ["report.md"] = "The report" })
  for key, value in pairs(changes or {}) do f[key] = value end
  return f
end

local function entities(value)
  local by_id = {}
  for _, entity in ipairs(value["@graph"]) do
    local id = entity["@id"]
    if by_id[id] then error(id .. " stands twice") end
    by_id[id] = entity
  end
  return by_id
end

local function listed(refs)
  local set = {}
  for _, ref in ipairs(refs) do set[ref["@id"]] = true end
  return set
end

test("crate: flat, and whatever is referred to is there", function()
  local value = crate.of(report())
  local by_id, refs = entities(value), 0
  local function walk(part, id)
    if type(part) ~= "table" then return end
    if part["@id"] then
      refs = refs + 1
      for key in pairs(part) do
        if key ~= "@id" then error(("%s: an entity inside of another has '%s'"):format(id, key)) end
      end
      if not by_id[part["@id"]] and part["@id"] ~= "https://w3id.org/ro/crate/1.1" then
        error(("%s refers to %s, which is not there"):format(id, part["@id"]))
      end
      return
    end
    for _, inner in pairs(part) do walk(inner, id) end
  end
  for id, entity in pairs(by_id) do
    if type(entity["@type"]) ~= "string" then error(id .. " has no type") end
    for key, part in pairs(entity) do
      if key ~= "@id" then walk(part, id) end
    end
  end
  if refs < 20 then error("only " .. refs .. " references were seen") end
end)

test("crate: metadata, root and action as RO-Crate 1.1 and Process Run Crate 0.5 have them", function()
  local value = crate.of(report())
  local by_id = entities(value)
  same(value["@context"], { "https://w3id.org/ro/crate/1.1/context",
    "https://w3id.org/ro/terms/workflow-run/context" })
  local metadata, top, run = by_id["ro-crate-metadata.json"], by_id["./"], by_id["#run"]
  same(metadata.conformsTo, { ["@id"] = "https://w3id.org/ro/crate/1.1" })
  same(metadata.about, { ["@id"] = "./" })
  same(top.conformsTo, { ["@id"] = "https://w3id.org/ro/wfrun/process/0.5" })
  same({ top["@type"], top.name, top.datePublished, top.mentions["@id"] },
    { "Dataset", "A report", "2026-11-28T02:00:00Z", "#run" })
  same(by_id[top.citation["@id"]]["@type"], "ScholarlyArticle")
  same({ run["@type"], run.startTime, run.endTime, run.instrument["@id"] },
    { "CreateAction", "2026-11-28T01:00:00Z", "2026-11-28T02:00:00Z", SWHID })
  check.contains(run.description, "synlab run 'a b.lua'")
  local objects = listed(run.object)
  local image = by_id["#images-dddddddddddd"]
  same({ objects["#script"], objects["#images-dddddddddddd"] }, { true, true })
  same(by_id[image.identifier["@id"]].value, ("d"):rep(64))
end)

test("crate: every file with its digest and size, as a part and as a result", function()
  local by_id = entities(crate.of(report()))
  local parts, results = listed(by_id["./"].hasPart), listed(by_id["#run"].result)
  for id, wanted in pairs { ["report.md"] = { ("1"):rep(64), "10", "text/markdown", "The report" },
    ["figures/a.svg"] = { ("2"):rep(64), "1000000", "image/svg+xml", 'The "best" figure' },
    ["odd%20name.dat"] = { ("3"):rep(64), "0", "application/octet-stream", "odd name.dat" } } do
    local file = by_id[id]
    same({ file.sha256, file.contentSize, file.encodingFormat, file.name }, wanted)
    same({ file["@type"], parts[id], results[id] }, { "File", true, true })
  end
  same({ by_id["manifest.json"].sha256, parts["manifest.json"] }, { nil, true })
end)

test("crate and codecheck: sources without a SWHID say so", function()
  local f = report()
  f.versions.swhid, f.versions.commit = 0 / 0, "unknown"
  local program = entities(crate.of(f))["#synlab"]
  check.contains(program.description, "no SWHID: the program was built from sources without git")
  check.contains(codecheck.of(f), "no SWHID: the program was built from sources without git")
  check.contains(codecheck.of(f), 'swhid: "none"')
  check.contains(codecheck.of(report()), ('swhid: "%s"'):format(SWHID))
end)

test("codecheck: the nodes of specification 1.0, every file, and who has checked", function()
  local text = codecheck.of(report())
  same(text:match "^%%YAML 1.1\n%-%-%-\nversion: https://codecheck.org.uk/spec/config/1.0/\n" ~= nil, true)
  for _, node in ipairs { "manifest", "paper", "codechecker", "report", "summary", "check_time", "source" } do
    if not text:find("\n" .. node .. ":", 1, true) then error("there is no " .. node) end
  end
  same(text:find("\ncertificate:", 1, true), nil)
  check.contains(text, '  - file: "figures/a.svg"\n    comment: "The \\"best\\" figure"\n')
  check.contains(text, ('report: "report.md (sha256:%s)"'):format(("1"):rep(64)))
  check.contains(text, "Nobody else has checked it")
  same(text:match "authors:.-\n    %- name: (%b\"\")", '"Milad Lankarany"')
  local _, files = text:gsub("\n  %- file: ", "")
  same(files, 3)
end)

test("papers: what a reader must know stands in all of them", function()
  local f = report { notices = { facts.plain(NOTICE) }, notices_marked = { NOTICE } }
  check.contains(entities(crate.of(f))["./"].description, facts.plain(NOTICE))
  check.contains(codecheck.of(f), facts.plain(NOTICE))
  check.contains(reforms.of(checklist, f), "> " .. NOTICE)
end)

test("reforms: 32 items in eight modules, each answered, in order", function()
  local counts, text = {}, reforms.of(checklist, report())
  for i, module in ipairs(checklist) do
    counts[i] = #module - 1
    for j = 2, #module do
      same(module[j][1], i .. ("abcdefg"):sub(j - 1, j - 1))
      if #weave.dedent(module[j][3]) < 10 then error(module[j][1] .. " has no answer") end
      check.contains(text, ("**%s. "):format(module[j][1]))
    end
  end
  same(counts, { 3, 5, 7, 3, 6, 3, 3, 2 })
  same(text:find("${", 1, true), nil)
  check.contains(text:gsub("%s+", " "), "12 runs; all of them ended as planned but for 1 diverged, which")
end)

test("reforms: links lead to headings of the report", function()
  local f, anchors, links = report(), {}, 0
  local page = weave.document { title = "T", notices = {}, chapters = f.sections }
  for heading in page:gmatch "\n## ([^\n]*)" do anchors[weave.anchor(heading)] = true end
  for anchor in reforms.of(checklist, f):gmatch "%(report%.md#([^)]*)%)" do
    links = links + 1
    if not anchors[anchor] then error("there is no " .. anchor) end
  end
  if links < 10 then error("only " .. links .. " links were seen") end
end)

test("facts: no path of the machine", function()
  same(facts.short("/home/x/synlab/experiments/a.lua", "/home/x/synlab"), "experiments/a.lua")
  same(facts.short("/home/x/a.lua", "/home/x/synlab"), "a.lua")
  same(facts.short("mine/a.lua", "/home/x/synlab"), "mine/a.lua")
end)

test("CITATION.cff says what the papers say", function()
  local file = io.open(root .. "CITATION.cff")
  local text = file:read "a"
  file:close()
  check.contains(text, "cff-version: 1.2.0\n")
  check.contains(text, "\nversion: " .. require("synlab").versions().synlab .. "\n")
  check.contains(text, ('name: "%s"'):format(facts.AUTHORS))
  for _, part in ipairs { ('title: "%s"'):format(article.title), "doi: " .. article.doi,
    "journal: " .. article.journal, "year: " .. article.year, "volume: " .. article.volume,
    "issue: " .. article.issue, "start: " .. article.pages[1], "end: " .. article.pages[2],
    "license: " .. article.licence } do
    check.contains(text, "    " .. part)
  end
  local names = {}
  for name in text:gmatch "family%-names: (%w+)" do names[#names + 1] = name end
  for i, author in ipairs(article.authors) do same(names[i], author.family) end
  same(#names, #article.authors)
end)

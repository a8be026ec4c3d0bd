--- codecheck.yml by the CODECHECK specification 1.0: the files that a check has to make again, and who
--- checked. Here that is the program itself, which is what the summary says. Pure functions.
local codecheck = {}

local facts = require "papers.facts"
local weave = require "text.weave"

codecheck.NAME = "codecheck.yml"
local VERSION = "https://codecheck.org.uk/spec/config/1.0/"

--- A text for YAML: as JSON writes it.
local function quoted(text)
  return require("synlab").json(text)
end

local function summary(f)
  local words = { "This is the synlab authors' own check: the program wrote this file itself when it "
    .. "made the report. Nobody else has checked it, and no certificate was asked for." }
  table.move(f.notices, 1, #f.notices, 2, words)
  words[#words + 1] = "The files of the manifest were made by one command, " .. f.command
    .. "; `synlab verify` tells whether they are as written, and computes runs again. What agrees with "
    .. "the paper and what does not stands in the report."
  return facts.plain(table.concat(words, " "))
end

--- The authors of the paper, the corresponding one first, as the specification asks.
local function authors(article)
  local first, others = nil, {}
  for _, author in ipairs(article.authors) do
    local line = "    - name: " .. quoted(author.given .. " " .. author.family)
    if author.corresponding then first = line else others[#others + 1] = line end
  end
  return table.concat({ first or table.remove(others, 1), table.unpack(others) }, "\n")
end

--- The file of these facts. `files` are those of the page, `report` among them.
function codecheck.of(f)
  local lines = { "%YAML 1.1", "---", "version: " .. VERSION, "", "manifest:" }
  local function add(form, ...) lines[#lines + 1] = form:format(...) end
  local report
  for _, file in ipairs(f.files) do
    add("  - file: %s\n    comment: %s", quoted(file.path), quoted(file.title))
    if file.path == f.report then report = ("%s (sha256:%s)"):format(file.path, file.sha256) end
  end
  add("\npaper:\n  title: %s\n  authors: # the corresponding author first\n%s\n  reference: %s",
    quoted(f.article.title), authors(f.article), "https://doi.org/" .. f.article.doi)
  add("\ncodechecker:\n  - name: %s", quoted(facts.AUTHORS))
  add("report: %s\nsummary: %s\ncheck_time: %s", quoted(report), quoted(summary(f)), quoted(f.times.ended))
  local sets = {}
  for i, set in ipairs(f.images) do
    sets[i] = ("%s (SHA-256 over the decoded images: %s)"):format(facts.set(set), set.digest)
  end
  add("source: %s", quoted(facts.sources(f.versions) .. (#sets > 0 and "; images: "
    .. table.concat(sets, "; ") or "")))
  add("\nsynlab:\n  version: %s\n  commit: %s\n  swhid: %s\n  profile: %s", quoted(f.versions.synlab),
    quoted(f.versions.commit), quoted((weave.swhid(f.versions)) or "none"), quoted(f.profile))
  return table.concat(lines, "\n") .. "\n"
end

return codecheck

--- The papers of a report: what catalogues, machines and referees ask of it, written out of what made it
--- when it is written. REFORMS.md, codecheck.yml and ro-crate-metadata.json, in this order: each lists
--- the files before it, and the manifest all of them.
local papers = {}

local codecheck = require "papers.codecheck"
local crate = require "papers.crate"
local facts = require "papers.facts"
local reforms = require "papers.reforms"
local weave = require "text.weave"

--- The section of a report that tells of its papers.
function papers.section(versions)
  local swhid, why = weave.swhid(versions)
  local sources = swhid and ("The sources are `%s`, the name of their tree in git and in the Software "
    .. "Heritage archive."):format(swhid) or ("The sources have no SWHID: %s."):format(why)
  return { id = "papers", title = "How to check and cite this report", body = weave.wrap(([[
For referees [`%s`](%s) answers the REFORMS checklist for science that uses machine learning, and says what was not
done. For machines, [`%s`](%s) lists the files that a codecheck has to make again, and [`%s`](%s) says which
program made which file, of what and when (RO-Crate, profile Process Run Crate). They were written by
the program that wrote the report, and `build/synlab verify` reads them, too; no one else has checked the
report. %s How to cite the program and the article
stands in `CITATION.cff`.]]):format(reforms.NAME, reforms.NAME, codecheck.NAME, codecheck.NAME, crate.NAME,
    crate.NAME, sources)) }
end

--- Raises a line if the papers of a page cannot be written as they are declared.
function papers.check(page)
  local ids = {}
  for i, chapter in ipairs(page.chapters) do ids[i] = chapter.id end
  table.move({ "registration", "took", "papers" }, 1, 3, #ids + 1, ids)
  reforms.check(page.papers.reforms, ids, ("the checklist of book '%s'"):format(page.name))
end

--- How the runs of some chapters ended: { ended = 12, failed = 1 }, each run counted once.
local function statuses(chapters)
  local count, seen = {}, {}
  for _, chapter in ipairs(chapters) do
    for _, record in ipairs(chapter.all or {}) do
      if not seen[record.key] then count[record.status] = (count[record.status] or 0) + 1 end
      seen[record.key] = true
    end
  end
  return count
end

--- Titles of files by their paths.
local function titles(page)
  local all = { [page.name .. ".md"] = "The report",
    [page.name .. ".html"] = "The report, as a page that needs no other file",
    ["claims.csv"] = "Verdicts on the claims of the paper",
    ["data/runs.csv"] = "A row for each run, with all that was measured",
    ["data/curves.csv.gz"] = "The curves of all runs", ["data/codebook.md"] = "What the columns mean",
    [reforms.NAME] = "The REFORMS checklist, answered", [codecheck.NAME] = "CODECHECK configuration" }
  for _, chapter in ipairs(page.chapters) do
    for path, title in pairs(chapter.made) do all[path] = title end
  end
  return all
end

--- Writes the papers of a page { name, title, chapters, papers = { article, reforms } }, of which all
--- other files are kept already. `made`: { sections, images, notices, times, runs }.
function papers.write(page, made)
  local host, plain = require "synlab", {}
  for i, notice in ipairs(made.notices) do plain[i] = facts.plain(notice) end
  local profile, all = host.profile, titles(page)
  local f = { title = page.title, article = page.papers.article, versions = host.versions(),
    report = page.name .. ".md", command = profile.command, profile = profile.name,
    script = facts.short(profile.script, profile.home), images = made.images, notices = plain,
    notices_marked = made.notices, times = made.times, runs = made.runs, sections = made.sections,
    statuses = statuses(page.chapters) }
  local function write(name, text)
    host.write(name, text)
    f.files = facts.files(host.outputs(), all)
  end
  write(reforms.NAME, reforms.of(page.papers.reforms, f))
  write(codecheck.NAME, codecheck.of(f))
  write(crate.NAME, host.json(crate.of(f)) .. "\n")
end

return papers

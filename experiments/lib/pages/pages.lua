--- Pages: chapters in order, woven and written as OUT/NAME.md and OUT/NAME.html, with an entry in the
--- manifest.
local pages = {}

local answers = require "verdicts.answers"
local asked = require "runs.asked"
local comparison = require "verdicts.comparison"
local data = require "pages.data"
local datasets = require "runs.datasets"
local declarations = require "pages.declarations"
local html = require "text.html"
local overview = require "verdicts.overview"
local papers = require "papers.papers"
local plot = require "pictures.plot"
local queue = require "pages.queue"
local registration = require "verdicts.registration"
local robustness = require "verdicts.robustness"
local samples = require "verdicts.samples"
local scoreboard = require "verdicts.scoreboard"
local timing = require "pages.timing"
local weave = require "text.weave"

local function host()
  return require "synlab"
end

--- Image sets by their names, each once however it was named.
local function sets_of(names)
  local list, seen = {}, {}
  for _, name in ipairs(names) do
    local set = host().data(name)
    if not seen[set.digest] then seen[set.digest], list[#list + 1] = true, set end
  end
  return list
end

--- Looks at all that can be known before anything runs: the names of files, the runs that are known,
--- the images that chapters say they use. What was asked for and nothing uses is told. What is known of
--- the runs: see queue.foreseen.
local function look_ahead(page)
  local names, unknown = {}, false
  declarations.page(page.chapters, ("page '%s'"):format(page.name))
  if page.papers then papers.check(page) end
  for _, chapter in ipairs(page.chapters) do
    if chapter.declaration.uses_images then names[#names + 1] = datasets.name() end
  end
  local foreseen = queue.foreseen(page.chapters)
  for _, entry in ipairs(foreseen) do
    if entry.real then entry.chapter:check() end
    unknown = unknown or not entry.specs
    for _, name in ipairs(entry.specs and entry.chapter:images(entry.specs) or {}) do
      names[#names + 1] = name
    end
  end
  sets_of(names)
  if #names > 0 or unknown then asked.look "data" end
  asked.say_unused(page.name)
  return foreseen
end

--- The image sets that the runs of a page are on.
local function images_of(chapters)
  local names = {}
  for _, chapter in ipairs(chapters) do
    local own = chapter:images()
    table.move(own, 1, #own, #names + 1, names)
  end
  return sets_of(names)
end

local function say_plan(foreseen)
  local list = {}
  for i, entry in ipairs(foreseen) do
    list[i] = { title = entry.chapter.title, specs = entry.specs and entry.chapter:flat(entry.specs) }
  end
  timing.plan(list)
end

--- Is none of the chapters the house's?
local function all_own(chapters)
  for _, chapter in ipairs(chapters) do
    if not chapter.own then return false end
  end
  return true
end

--- The last section of a book.
local function what_it_took(taken, total, titles, wall)
  local body = weave.dedent [[
    *Computed* are the runs that were computed for the chapter, when it last computed any; the
    others were in the run store, from a chapter before or another day. *Computing* is the sum over
    the runs of the time that each one took when it was computed, some of them side by side, as all
    runs of all chapters stand in one queue. ${wall}

    `manifest.json` has the options, the seed and the digests of every one of these runs, and the
    digest of every file; `build/synlab verify` reads the files again, computes one of the runs
    again, and compares. `data/runs.csv` has a row for each of them, with all that was measured, and
    `data/codebook.md` says what its columns mean.
  ]]
  return { id = "took", title = "What it took", body = weave.wrap(weave.fill(body, { wall = wall }, {}, "the page"))
    .. "\n\n" .. timing.table(taken, total, titles) }
end

--- Verdicts on all claims of the paper by what the chapters measured, or on those answered only.
local function verdicts(chapters, answered_only)
  local answers, by = {}, {}
  for _, chapter in ipairs(chapters) do
    for id, answer in pairs(chapter:answers()) do
      if answers[id] then
        error(("the claim '%s' has two answers, from %s and %s"):format(id, by[id], chapter.where), 0)
      end
      answers[id], by[id] = answer, chapter.where
    end
  end
  return scoreboard.verdicts(answers, answered_only)
end

local function by_id(woven)
  local list = {}
  for _, section in ipairs(woven) do list[section.id or section.title] = section end
  return list
end

--- What the paper leaves open, and which verdicts would change with it, where a chapter measures that.
local function left_open(results, chapters)
  local read_on, words = { "policy", "baseline", "collapse" }, nil
  for _, chapter in ipairs(chapters) do
    local shifts = chapter.declaration.shifts
    if shifts and not chapter.hindrance then
      read_on[#read_on + 1] = chapter.id
      words = robustness.words(robustness.of(results, shifts(chapter:results())))
    end
  end
  return { "What does the paper not say?", read_on,
    "Which of a run's tables is “the” policy, how gradient descent starts and when it stops, and that "
    .. "networks which die are stopped and left out: each of these decides a number above. "
    .. "`paper/ledger.md` lists every open point." .. (words and " Headline verdicts under its other "
    .. "choices: " .. words .. "." or "") }
end

--- Answers at the head of a book that no single claim gives.
local function further(results, chapters, woven)
  local list, sections = { left_open(results, chapters) }, by_id(woven)
  local said, asked = {}, {}
  for _, part in ipairs { { "best-rule", "Counted in evaluations of the loss, one a forward pass, and among methods "
    .. "without gradients, yes: %s. Gradient descent needs fewer still." },
    { "rules", "Among simple rules at the paper's own step size, not tuned, %s." } } do
    local finding = sections[part[1]] and sections[part[1]].finding
    if finding then said[#said + 1], asked[#asked + 1] = part[2]:format(finding), part[1] end
  end
  if #said > 0 then list[#list + 1] = { "Is there something better?", asked, table.concat(said, " ") } end
  return list
end

--- The answers at the head of a book, with the picture of the verdicts; nil where nothing is judged.
local function head(results, chapters, woven)
  local text = answers.markdown(results, by_id(woven), further(results, chapters, woven))
  local panels = text and overview.panels(results)
  if not panels then return text end
  local alt = "Differences from the published means, and from gradient descent, with intervals and margins"
  local title = "What holds"
  local why = plot.render { name = "verdicts", title = title, alt = alt, columns = 1, panels = panels }
  if why then return text .. ("\n\n**%s** is missing: %s."):format(title, weave.literal(why)) end
  return text .. "\n\n" .. weave.figure("verdicts", alt, weave.wrap("**What holds.** **A** differences of "
    .. "our means from the published ones, **B** of synaptic RL from gradient descent, seed by seed. A mean "
    .. "is replicated if its 90 % interval lies within the margin (by itself; the words are those after "
    .. "Holm's adjustment); the 95 % interval leaves out 0 where Welch's test by itself finds a difference; in "
    .. "brackets stands what a test of an undecided claim says by itself. *As published*: with the start and length "
    .. "of the authors' code; *at its plateau*: from small weights. HU: "
    .. "hidden units; letters: notMNIST."))
end

--- `synlab plan`: hands over the runs that can be known now, of all chapters, and weaves nothing.
local function plan_page(foreseen)
  local waiting = {}
  for _, entry in ipairs(foreseen) do
    if entry.real then
      host().plan(entry.chapter:flat(), entry.chapter.title)
    else
      waiting[#waiting + 1] = entry.chapter.id
    end
  end
  if #waiting > 0 then
    host().say(("The runs of %s follow from those: when they are done, plan again.")
      :format(table.concat(waiting, ", ")))
  end
end

--- Computes chapters and writes them as one page. { name, title, intro, chapters; judged: with
--- verdicts on all claims of the paper at its head, and
--- in OUT/claims.csv; papers: see papers.lua }. Its runs for programs stand in OUT/data if it is a book,
--- else in OUT/data/NAME. A book, of several chapters, tells its plan first.
function pages.write(page)
  local name, chapters, begin = page.name, page.chapters, host().clock()
  local foreseen = look_ahead(page)
  if host().planning then return plan_page(foreseen) end
  host().check_out()
  local woven, order, titles, book = {}, {}, {}, #chapters > 1
  if book then say_plan(foreseen) end
  queue.compute(chapters, page.title)
  local results = verdicts(chapters, not page.judged)
  for i, chapter in ipairs(chapters) do
    local body, finding = chapter:weave(results)
    woven[i] = { id = chapter.id, title = chapter.title, body = body, finding = finding }
    order[i], titles[chapter.id] = chapter.id, chapter.title
  end
  local taken, total, times = timing.took(name, host().clock() - begin, order)
  if page.judged then woven[#woven + 1] = registration.section() end
  if book then
    woven[#woven + 1] = what_it_took(taken, total, titles, timing.words(times))
    host().say(timing.words(times))
  end
  if page.papers then woven[#woven + 1] = papers.section(host().versions()) end
  if page.judged then
    host().write("claims.csv", scoreboard.csv(results))
    host().write("data/samples.csv", samples.csv(results))
  end
  local images = images_of(chapters)
  local notices = comparison.notices(images, all_own(chapters))
  local text = weave.document {
    title = page.title, intro = page.intro and weave.wrap(weave.dedent(page.intro)),
    notices = notices, provenance = weave.provenance(host(), images), chapters = woven,
    answers = page.judged and head(results, chapters, woven),
    verdicts = page.judged and scoreboard.overview(results, host().versions().claims),
  }
  host().write(name .. ".md", text)
  host().write(name .. ".html", html.page(page.title, text, function(path)
    return host().read(host().profile.out .. "/" .. path)
  end))
  data.write(page.book and "data" or "data/" .. name, chapters)
  if page.papers then
    papers.write(page, { sections = woven, images = images, notices = notices, times = times,
      runs = total.runs })
  end
  host().manifest(name, times)
end

return pages

-- The book as a whole, on records made up here: every claim of the paper has its chapter.
local check, claims = require "check", require "verdicts.claims"
local test, same = check.test, check.same

local here = debug.getinfo(1, "S").source:match("^@(.*)[/\\]") or "."
local experiments = here .. "/../../experiments/"

--- A host that runs nothing: the same scores for every run.
local host = {
  profile = { name = "full", seeds = 5, home = experiments .. "..", authors = "authors.csv" },
  read = function() return "a policy" end,
  check_policy = function() end,
  sets = function()
    return { notmnist = { at_hand = true, digest = "d", images = 3 }, letters = { at_hand = true },
      ["fashion-mnist"] = { at_hand = false } }
  end,
  trace = function(message) return message end,
  usual_set = function() return "notmnist" end,
  data_asked = function() return true end,
  rule = function(path) return { text = path } end,
  reward = function(path) return { text = path } end,
  data = function() return { name = "notmnist", digest = "d", n = 18724, pixels = 784, classes = 10 } end,
}

--- Where a run does not say: as it will be resolved.
local defaults = { reward_signal = "loss", reward_against = "previous", reward_memory = 10,
  reward_tie = "penalty", reward_band = 0, reward_levels = 2, reward_delay = 0, batch_size = 0 }

local function record(asked)
  local spec = setmetatable({}, { __index = defaults })
  for key, value in pairs(asked) do spec[key] = value end
  local accuracy = 0.9 + spec.seed % 7 / 100
  return { spec = spec, status = "ended", iterations = 10, rewards_up = 4, seconds = 1,
    synapses = 25450, train = { accuracy = accuracy, loss = 0.1 },
    validation = { accuracy = accuracy, loss = 0.1 }, data = { n = 3, train = 2, validation = 1,
      leaked = 0 }, policies = { final = "f", average = "a" },
    curve = { iteration = { 0, 10 }, loss = { 1, 0.1 }, accuracy = { 0.5, accuracy },
      validation_accuracy = { 0.5, accuracy } } }
end

function host.queue()
  local groups, waiting = {}, {}
  return setmetatable({
    add = function(_, specs)
      local records = {}
      for i, spec in ipairs(specs) do records[i] = record(spec) end
      groups[#groups + 1] = records
      table.insert(waiting, 1, #groups)
      return #groups
    end,
    wait = function() return table.remove(waiting) end,
    records = function(_, group) return groups[group] end,
    note = function() end,
  }, { __close = function() end })
end

local function computed(names)
  local list = {}
  for i, name in ipairs(names) do list[i] = require(name) end
  require("pages.queue").compute(list, "test")
  return list
end

local function with_host(body)
  local real, path = package.loaded.synlab, package.path
  package.loaded.synlab, package.path = host, path .. ";" .. experiments .. "?.lua"
  local ok, message = xpcall(body, debug.traceback)
  package.loaded.synlab, package.path = real, path
  if not ok then error(message, 0) end
end

test("book: every claim is answered by its chapter and by no other", function()
  with_host(function()
    local answered = {}
    local names = require("report").chapters
    for i, chapter in ipairs(computed(names)) do
      for id in pairs(chapter:answers()) do
        same(claims.get(id).chapter, names[i])
        answered[id] = true
      end
    end
    for _, claim in ipairs(claims.all()) do
      local file = io.open(experiments .. claim.chapter .. ".lua")
      if file then
        file:close()
        if not answered[claim.id] then error(claim.id .. " has no answer") end
      end
    end
  end)
end)

test("book: where every run in training has failed, what builds on it says so", function()
  with_host(function()
    local figure1, policy = table.unpack(computed { "figure1", "policy" })
    local all, hindrance = figure1.all, policy.hindrance
    figure1.all = { { status = "failed", error = "no memory", spec = all[1].spec } }
    local why = policy:hindered()
    figure1.all, policy.hindrance = all, hindrance
    same(why, "it needs 'figure1', of which every run has failed")
  end)
end)

test("book: every chapter has a finding for the list of contents", function()
  with_host(function()
    for _, name in ipairs(require("report").chapters) do
      local finding = require(name).declaration.finding
      if not finding or finding:find "%.$" then error(name .. ": no phrase") end
    end
  end)
end)

test("book: half of Table 1 answers the claims of its rows only", function()
  with_host(function()
    local answers = computed({ "table1-0hu" })[1]:answers()
    same(answers["table1.synaptic0.mean"].runs, claims.get("table1.synaptic0.mean").n)
    same(answers["table1.synaptic32.mean"], nil)
    same(answers["gap.32"], nil)
    same(#answers["gap.0"].values, claims.get("gap.0").n)
  end)
end)

test("book: judged runs have fresh seeds", function()
  with_host(function()
    local names = { "figure1", "policy", "figure2", "table1", "policies", "collapse", "table1-authors",
      "cost", "baseline", "transfer", "again-tables", "again" }
    for i, chapter in ipairs(computed(names)) do
      local name, specs = names[i], chapter:specs()
      for _, list in pairs(specs[1] and { specs } or specs) do
        for _, spec in ipairs(list) do
          if spec.seed <= 30000 then
            error(("%s has seed %d, which was run before the registration"):format(name, spec.seed))
          end
        end
      end
    end
  end)
end)

test("book: claims are answered by as many runs as were registered", function()
  with_host(function()
    local names = require("report").chapters
    for _, chapter in ipairs(computed(names)) do
      for id, answer in pairs(chapter:answers()) do
        local claim, n = claims.get(id), answer.runs
        for _, case in ipairs(answer.cases or {}) do n = math.min(n or math.huge, case.sample.runs) end
        if claim.n and n ~= claim.n then
          error(("%s has %s runs, registered are %d"):format(id, tostring(n), claim.n))
        end
      end
    end
  end)
end)

test("claims: each has what its test needs", function()
  local needs = { mean = "delta", gap = "published", noninferior = "delta", rank = "published",
    share = "at_least", pairs = "quote", cases = "at_least", exact = "published", exhibit = "threshold",
    described = "published" }
  for _, claim in ipairs(claims.all()) do
    local need = needs[claim.judge]
    if not need or not claim[need] then error(claim.id .. " has no " .. tostring(need)) end
    local tested = not ({ exact = true, exhibit = true, described = true, gap = true })[claim.judge]
    if tested and not (claim.family and claim.n) then error(claim.id .. " has no family or no n") end
    if tested and claim.judge ~= "rank" and not claim.plan then error(claim.id .. " plans with nothing") end
    for _, key in ipairs { "where", "metric", "chapter" } do
      if not claim[key] then error(claim.id .. " has no " .. key) end
    end
  end
  same(claims.get("table1.descent0.sd").published, 0.0022)
  same(claims.get("table1.descent0.sd").family, nil)
  same(claims.get("table1.descent0.runtime").percent, nil)
end)

test("book: the answers to the checklist link to sections that there are", function()
  with_host(function()
    local book, chapters = require "report", {}
    for i, name in ipairs(book.chapters) do chapters[i] = require(name) end
    require("papers.papers").check { name = book.name, chapters = chapters, papers = book.papers }
    table.remove(chapters, 1)
    check.fails("links to '${@figure1}'", require("papers.papers").check,
      { name = book.name, chapters = chapters, papers = book.papers })
  end)
end)

test("boundary.line: a straight target is a line's, one that a line cannot draw is not", function()
  with_host(function()
    local boundary = require "setups.boundary"
    local straight, corner = { cells = 4, target = {}, learned = {} }, { cells = 4, target = {}, learned = {} }
    for i = 1, 16 do
      local x, y = (i - 1) % 4 - 1.5, (i - 1) // 4 - 1.5
      straight.target[i], straight.learned[i] = x + 0.1 > 0 and 1 or -1, -1
      corner.target[i] = x * y > 0 and 1 or -1
      corner.learned[i] = corner.target[i]
    end
    local line, learned = boundary.line(straight)
    same({ line, learned }, { 1.0, 0.5 })
    line, learned = boundary.line(corner)
    same({ line <= 0.5, learned }, { true, 1.0 })
  end)
end)

test("networks that died stand out of every mean, and are counted", function()
  with_host(function()
    local images, letters, variants = require "setups.images", require "setups.letters", require "setups.variants"
    local function row(hidden, ...)
      local list = {}
      for seed, accuracy in ipairs { ... } do
        list[seed] = record { task = "images", seed = seed, method = "synaptic", net = hidden and { 784, hidden, 10 } or { 784, 10 } }
        list[seed].validation.accuracy = accuracy
      end
      return list
    end
    local deep = row(32, 0.9, 0.1, 0.88)
    same(#images.alive(deep), 2)
    same(#images.alive(row(nil, 0.9, 0.1)), 2) -- without hidden units nothing dies
    local ours = letters.compare { { key = "synaptic32", name = "n", records = deep } }[1]
    same({ ours[3], ours[4], ours[6] }, { "2 of 3", "88.00 %", "89.00 %" })
    check.contains(letters.died { { name = "n", records = deep } }, "**n: 1 of 3 runs died**")
    same(letters.died { { name = "n", records = row(32, 0.9) } }, false)
    same(letters.difference(deep, row(32, 0.8, 0.8, 0.8)).runs, 2)
    local set = variants.new { reference = row(32, 0.8, 0.8, 0.8), path = "validation.accuracy",
      { label = "v", records = deep } }
    same({ #set[1].numbers, set[1].pair.n }, { 2, 2 })
    check.near(set[1].pair.mean, 0.09)
  end)
end)

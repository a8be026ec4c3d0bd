-- The head of a report, and how far its verdicts hold under other choices, on answers made up here.
local check, claims = require "check", require "verdicts.claims"
local answers, robustness = require "verdicts.answers", require "verdicts.robustness"
local verdict = require "verdicts.verdict"
local stats = require "statistics.stats"
local test, same = check.test, check.same

--- Values about a number, as many as the claim has registered.
local function about(mean, claim, sd)
  local values, n = {}, claim.n or 5
  for i = 1, n do values[i] = mean + (i % 2 == 0 and 1 or -1) * (sd or 0.002) end
  return { values = values, runs = n }
end

local of = {
  mean = function(c) return about((c.row and c.row.published or c.published).mean, c) end,
  gap = function(c) return about(c.published.mean, c) end,
  noninferior = function(c) return about(0.01, c) end,
  rank = function(c) return about(c.published, c) end,
  share = function(c) return about(1, c, 0) end,
  pairs = function(c)
    local a = about(2, c)
    a.others = about(8, c).values
    return a
  end,
  cases = function(c) return { cases = { { name = "one", threshold = 0.5, sample = about(1, c, 0) } } } end,
}

--- Settled verdicts on all claims that have a test; `changed`: other answers by id.
local function settled(changed)
  local list = {}
  for _, claim in ipairs(claims.all()) do
    local answer = changed and changed[claim.id]
    if answer == nil and of[claim.judge] then answer = of[claim.judge](claim) end
    if answer then list[#list + 1] = verdict.measured(claim, answer, false) end
  end
  return verdict.settle(list)
end

test("answers: every question has its sentence with numbers, and links to chapters of the page", function()
  local text = answers.markdown(settled(), { table1 = { title = "Table 1: letters" } }, {
    { "And then?", {}, "Nothing." } }):gsub("%s+", " ")
  check.contains(text, "Of the runs in training, 200 of 200 (100.0 %; 95 % interval 98.2 % to 100.0 %) end at 95 %")
  check.contains(text, "of 28 claims of the paper that are put to a test: ")
  check.contains(text, "88.28 %, 0 points from the published 88.28 % (95 % interval −0.50 to +0.50, n = 20): this **holds**")
  check.contains(text, "The registered tests of `gap.32` and `gap.0` were withdrawn after their results: both were undecided")
  check.contains(text, "would be shown (90 % interval")
  check.contains(text, "synaptic RL needs 4.0 times as many multiply-adds with 32 hidden units, and ")
  check.contains(text, "[Table 1: letters](#table-1-letters)")
  check.contains(text, "**And then?** Nothing.")
  same(text:find("nil", 1, true), nil)
end)

test("answers: what does not hold is said so, what never gets there too, what was not measured is left out", function()
  local never = of.pairs(claims.get "cost.0")
  for i in ipairs(never.others) do never.others[i] = math.huge end
  local few = { values = { 0.96 }, runs = 40 }
  local text = answers.markdown(settled { ["policy.boundaries"] = few, ["cost.0"] = never,
    ["letters.trains0"] = false }, {}, {}):gsub("%s+", " ")
  check.contains(text, "1 of 40 (2.5 %; 95 % interval 0.1 % to 13.2 %) reach 95 % on three unseen boundaries")
  check.contains(text, "in the mean: this does **not hold**. On letters 20 of 20")
  check.contains(text, "and does not get there without")
  same(text:find("Does every network on letters learn", 1, true), nil)
end)

test("answers: a first look that decides stands, and a claim that was asked twice counts once", function()
  local function short(first, again)
    return answers.markdown(settled { ["policy.letters"] = first, ["policy.letters.again"] = again }, {}, {})
      :gsub("%s+", " ")
  end
  local function share(k, n)
    local values = {}
    for i = 1, n do values[i] = i <= k and 1 or 0 end
    return { values = values, runs = n }
  end
  check.contains(short(share(20, 20), share(75, 100)), "On letters 20 of 20")
  check.contains(short(share(12, 20), share(40, 100)), "On letters 40 of 100")
  same(short(share(20, 20), share(75, 100)):match "of (%d+) claims", short(share(12, 20), share(40, 100)):match "of (%d+) claims")
end)

test("answers: there are none where nothing is judged", function()
  local list = {}
  for _, claim in ipairs(claims.all()) do
    if of[claim.judge] then
      list[#list + 1] = verdict.measured(claim, of[claim.judge](claim), "quick profile: not judged")
    end
  end
  same(answers.markdown(verdict.settle(list), {}, { { "And?", {}, "No." } }), nil)
end)

test("robustness: a choice that moves the mean by more than the margin turns a verdict, a small one does not", function()
  local function shift(label, by)
    return { label = label, pair = stats.paired({ by, by + 0.0001, by - 0.0001 }, { 0, 0, 0 }) }
  end
  local list = robustness.of(settled(), { shift("small", 0.0002), shift("large", -0.05) })
  same({ list[1].id, list[1].word, list[1].same, list[1].of }, { "table1.synaptic0.mean", "replicated", 1, 2 })
  same(list[1].others, { "large: not replicated, below" })
  check.contains(robustness.words(list), "stays the same under 1 of 2 (not under large: not replicated, below)")
  same(robustness.words {}, nil)
end)

test("overview: a row a difference, with both intervals and its word, against its margin", function()
  local a, b = table.unpack(require("verdicts.overview").panels(settled()))
  same({ #a.rows, #b.rows, a.margin[2], b.margin[1] }, { 7, 4, 1, -2 })
  for _, row in ipairs(a.rows) do
    same(row.low <= row.inner[1] and row.inner[1] <= row.x and row.x <= row.inner[2] and row.inner[2] <= row.high, true)
    check.near(row.x, 0, 1e-9) -- as made up here
    same(row.said, "replicated")
  end
  check.near(b.rows[1].x, 1, 1e-9)
  same(require("verdicts.overview").panels {}, nil)
end)

-- Verdicts on answers that are made up here, in the files of a report, for recompute.py: every test on every
-- claim of the paper, under several kinds of luck. FOLDER says where, LUCK which.
local here = debug.getinfo(1, "S").source:match("^@(.*)[/\\]")
package.path = here .. "/../../experiments/lib/?.lua;" .. package.path

local claims = require "verdicts.claims"
local format = require "text.format"
local metrics = require "runs.metrics"
local samples = require "verdicts.samples"
local scoreboard = require "verdicts.scoreboard"
local tables = require "text.tables"
local verdict = require "verdicts.verdict"

local folder, luck = os.getenv "FOLDER", os.getenv "LUCK"

--- good: as published; bad: far from it, with deaths and failures; edge: equal to thresholds, margins and
--- each other, without spread; mixed: anything.
local state = ({ good = 1, bad = 2, edge = 3, mixed = 4 })[luck]
local function random() -- in (-1, 1)
  state = (state * 48271) % 2147483647
  return 2 * state / 2147483647 - 1
end

local function choose(good, bad, edge)
  if luck == "mixed" then return ({ good, bad, edge, good + (bad - good) * 0.3 })[math.floor(2 * random() + 2) + 1] end
  return ({ good = good, bad = bad, edge = edge })[luck]
end

-- ---- runs ---------------------------------------------------------------------------------------------

local columns = { "train.accuracy", "train.loss", "validation.accuracy", "seconds", "synapses", "data.n" }
local runs = {}

local function run(path, value)
  local row = { ("k%d"):format(#runs + 1), "ended" }
  for i, name in ipairs(columns) do row[i + 2] = name == path and format.exact(value) or 0 end
  runs[#runs + 1] = row
  return row[1]
end

local function answer(path)
  return { values = {}, keys = {}, other_keys = {}, runs = 0, metric = path and metrics.get(path, "made up") }
end

--- Values as measurements of runs, some of which fail where luck is bad.
local function measured(path, n, value)
  local a = answer(path)
  a.runs = n
  for i = 1, n do
    if not (luck == "bad" and i % 7 == 0) then
      local v = value(i)
      a.values[#a.values + 1], a.keys[#a.keys + 1] = v, run(path, v)
    end
  end
  return a
end

local function spread() return luck == "edge" and 0 or 0.003 * random() end

-- ---- an answer for each test --------------------------------------------------------------------------

local path = "validation.accuracy"
local of = {}

function of.mean(claim)
  local mean = (claim.row and claim.row.published or claim.published).mean
  local a = measured(path, claim.n or 5, function() return mean + choose(0, -0.03, claim.delta or 0.01) + spread() end)
  if luck ~= "good" then -- every other row has networks that died
    a.dead = #a.values % 2 + 1
    a.runs = a.runs + a.dead
  end
  return a
end
of.described = of.mean

local function differences(claim, centre)
  local a = answer(path)
  for i = 1, claim.n do
    local x, y = 0.9 + centre + spread(), 0.9
    a.runs, a.keys[i], a.other_keys[i], a.values[i] = i, run(path, x), run(path, y), x - y
  end
  return a
end
function of.gap(claim) return differences(claim, claim.published.mean + choose(0, 0.05, 0)) end
function of.noninferior(claim) return differences(claim, choose(0.01, -0.05, -claim.delta)) end

function of.rank(claim)
  local what = claim.id:find "loss" and "train.loss" or "train.accuracy"
  return measured(what, luck == "bad" and 10 * claim.n or claim.n, function(i) -- fewer are never outside
    return claim.published * choose(1 + 0.02 * random(), 0.5, i % 2 == 0 and 1 or 0.99)
  end)
end

--- Shares: all reach it; a few do; exactly at the threshold, as many as asked for.
local function reaching(n, threshold, at_least)
  return measured(path, n, function(i)
    return choose(threshold + 0.01, i % 5 == 0 and threshold or threshold - 0.1,
      i <= math.ceil(at_least * n) and threshold or 0)
  end)
end
function of.share(claim) return reaching(claim.n, claim.threshold, claim.at_least) end
function of.exhibit(claim) return reaching(claim.n, claim.threshold, 0.1) end

function of.cases(claim)
  local cases = {}
  for i, name in ipairs { "plain", "with, a comma: and 1 of 2", "other" } do
    local threshold = i == 2 and claim.letters_threshold or claim.threshold
    cases[i] = { name = name, threshold = threshold, sample = reaching(10 + 7 * i, threshold, claim.at_least) }
    if luck == "bad" and i == 3 then -- no run has a value
      cases[i].sample = { values = {}, keys = {}, runs = 31, metric = metrics.get(path, "made up") }
    end
  end
  return { cases = cases }
end

function of.pairs(claim) -- from curves, so that no column has them
  local a = answer()
  a.others, a.runs = {}, claim.n
  for i = 1, claim.n do
    a.keys[i], a.other_keys[i] = run(), run()
    a.values[i] = luck == "bad" and i % 3 == 0 and math.huge or 100 + random()
    a.others[i] = choose(200, 50, a.values[i]) // 1
    if luck == "edge" then a.others[i] = a.values[i] end
    if luck == "mixed" and i % 4 == 0 then a.values[i], a.others[i] = math.huge, math.huge end
  end
  return a
end

function of.exact(claim)
  return measured("synapses", 3, function(i) return claim.published + choose(0, 4, i == 3 and -1 or 0) // 1 end)
end

local settled = {}
for i, claim in ipairs(claims.all()) do
  local given = not (luck == "mixed" and i % 9 == 0) and of[claim.judge](claim) or nil -- not run
  settled[i] = verdict.measured(claim, given, false)
end
verdict.settle(settled)

local function write(name, text)
  local file = assert(io.open(folder .. "/" .. name, "w"))
  file:write(text)
  file:close()
end
write("claims.csv", scoreboard.csv(settled))
write("data/samples.csv", samples.csv(settled))
write("data/runs.csv", tables.csv({ "key", "status", table.unpack(columns) }, runs))

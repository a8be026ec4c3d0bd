local check = require "check"
local test, same = check.test, check.same

-- The host is stood in for: `kept` of each run, and a second for each run that is not.
local function with_host(host, body)
  local real = package.loaded.synlab
  package.loaded.synlab, package.loaded["pages.timing"] = host, nil
  local ok, message = pcall(body, require "pages.timing")
  package.loaded.synlab, package.loaded["pages.timing"] = real, nil
  if not ok then error(message, 0) end
end

test("timing.plan: a line a chapter, what is unknown said, the sum shared by the jobs", function()
  local lines = {}
  with_host({ profile = { jobs = 2, cores = 2 }, say = function(line) lines[#lines + 1] = line end,
    estimate = function(specs)
      local seconds = {}
      for i, spec in ipairs(specs) do seconds[i] = spec.seconds end
      return seconds
    end }, function(timing)
      timing.plan { { title = "A", specs = { { seconds = 30 }, { seconds = 90 } } },
        { title = "Long", specs = { { seconds = 0 } } }, { title = "C" },
        { title = "D", specs = { { seconds = 0 }, { seconds = 20 } } } }
    end)
  same(lines, { "Plan, on 2 cores:", "  A       2 runs, all to compute, about 1 min",
    "  Long    1 run, none to compute",
    "  C       its runs follow from results that are not there yet",
    "  D       2 runs, 1 to compute, about 10 s",
    "  in all  5 runs, 3 to compute, about 1 min 10 s, and what is not known yet" })
end)

test("timing.plan: jobs beyond the cores are said, and make nothing faster", function()
  local function plan(jobs, cores)
    local lines = {}
    with_host({ profile = { jobs = jobs, cores = cores }, estimate = function() return { 120 } end,
      say = function(line) lines[#lines + 1] = line end },
      function(timing) timing.plan { { title = "A", specs = { {} } } } end)
    return lines[1] .. lines[2]
  end
  same(plan(64, 2), "Plan, on 2 cores, which 64 jobs share:  A       1 run, all to compute, about 1 min")
  same(plan(2, 1), "Plan, on 1 core, which 2 jobs share:  A       1 run, all to compute, about 2 min")
  same(plan(1, 64), "Plan, on 1 core:  A       1 run, all to compute, about 2 min")
end)

test("timing.took: what was computed now stands, else what the same runs took before", function()
  local function now()
    return { { id = "a", runs = 2, computed = 0, seconds = 5.5 },
      { id = "b", runs = 3, computed = 1, seconds = 7 },
      { id = "c", runs = 1, computed = 0, seconds = 2 } }
  end
  local before = { { id = "a", runs = 2, computed = 2, seconds = 5.5 },
    { id = "b", runs = 3, computed = 3, seconds = 7 },
    { id = "c", runs = 1, computed = 1, seconds = 2.5 } }
  local function took(chapters)
    local list, total, times, text
    with_host({ written = function()
      return { chapters = before, wall = 9, began = "B", ended = "E" } end,
      chapters = function() return chapters, { runs = 6, seconds = 14.5 } end }, function(timing)
        list, total, times = timing.took("page", 61.5, { "b", "a" }, 86400)
        text = timing.table(list, total, { a = "Chapter A" })
      end)
    return list, times, text
  end
  local list, times, text = took(now())
  same({ list[1].id, list[2].id, list[3].id }, { "b", "a", "c" })
  same(times, { wall = 61.5, began = "1970-01-01T23:58:58Z", ended = "1970-01-02T00:00:00Z",
    computed = { a = 2, b = 1, c = 0 } })
  check.contains(text, "| Chapter A              |    2 |        2 |              0 |     5.5 s |")
  check.contains(text, "    6 |        3 |              3 |      15 s |")
  local again = now() -- nothing computed, and the runs of before: the page of before
  again[2].computed, again[3].seconds = 0, 2.5
  _, times = took(again)
  same(times, { wall = 9, began = "B", ended = "E", computed = { a = 2, b = 3, c = 1 } })
end)

local check, points = require "check", require "pictures.points"
local test, same = check.test, check.same

local function record(seed, status)
  return { key = ("%d"):format(seed):rep(64), status = status or "ended", spec = { seed = seed + 0.0 } }
end

local function lines(panel)
  local list = {}
  for line in points.csv({ panels = { panel } }):gmatch "[^\n]+" do list[#list + 1] = line end
  same(table.remove(list, 1), "panel,series,x,y,z,low,high,seeds,run")
  return list
end

test("points: a curve has its run; one without a title is called what its style is; no 0 on a log axis", function()
  same(lines { label = "A", title = "Loss", percent = true, xlog = true, series = {
    { x = { 0, 10, 20 }, y = { 0.1, 0.2, 0 / 0 }, title = "it, first", runs = { record(7) } },
    { x = { 10 }, y = { 0.5 }, style = "faint", title = "others" },
    { x = { 20 }, y = { 0.25 }, style = "faint", runs = { record(1), record(2), record(3, "failed") } } } },
    { 'A,"it, first",10,20,,,,7,777777777777', "A,others,10,50,,,,,", 'A,others,20,25,,,,"1, 2",2 runs' })
end)

test("points: of means each has its own runs, and the name of its place", function()
  same(lines { title = "Means", xticks = { { 1, "one" }, { 2, { "the", "second" } } }, series = {
    { x = { 1.1, 1.9 }, y = { 5, 6 }, low = { 4, 6 }, high = { 6, 6 }, title = "mean",
      runs_of = { { record(1), record(2) }, { record(3) } } },
    { x = { 1, 2 }, y = { 5, 6 }, through = true } } },
    { 'Means,mean,one,5,,4,6,"1, 2",2 runs', "Means,mean,the second,6,,,,3,333333333333" })
end)

test("points: rows of a forest, cells of a map", function()
  same(lines { kind = "forest", label = "B", rows = { { label = "a", x = 1, low = -1, high = 3 },
    { label = "b", x = 2, low = 2, high = 2, open = true, runs = { record(4) } } } },
    { "B,a,1,,,-1,3,,", "B,b,2,,,,,4,444444444444" })
  same(lines { kind = "heat", title = "M", cells = 2, high = 1, values = { 0.12345, 0 / 0 }, range = { -1, 1 },
    percent = true, yticks = { { -0.5, "y" } }, runs_of = { { record(5) }, {} } },
    { "M,,-0.5,y,12.3,,,5,555555555555", "M,,0.5,y,,,,," })
end)

test("points: a long curve keeps its ends, its highest and its lowest point", function()
  local x, y = {}, {}
  for i = 1, 5000 do x[i], y[i] = i, math.sin(i / 700) end
  y[1234], y[4321] = 9, -9
  local list = lines { label = "A", series = { { x = x, y = y } } }
  if #list > 400 then error(#list) end
  same({ list[1]:match "^A,,1,", list[#list]:match "^A,,5000," }, { "A,,1,", "A,,5000," })
  local all = table.concat(list, "\n")
  check.contains(all, "A,,1234,9,")
  check.contains(all, "A,,4321,-9,")
end)

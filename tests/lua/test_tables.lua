local check, tables = require "check", require "text.tables"
local test, same = check.test, check.same

test("tables.markdown aligns by characters, not bytes", function()
  same(tables.markdown({ "Name", { "n", align = "right" } }, { { "α", 5 }, { "gradient", 12 } }),
    "| Name     |   n |\n| -------- | --: |\n| α        |   5 |\n| gradient |  12 |\n")
end)

test("tables.markdown: no cell can end its row or its cell", function()
  same(tables.markdown({ "a" }, { { "x|y\nz" }, {} }),
    "| a      |\n| ------ |\n| x\\|y z |\n|        |\n")
end)

test("tables.csv quotes what needs it, and leaves absent values empty", function()
  same(tables.csv({ "a", { "b" }, "c" }, { { 'say "x"', "1,2", 0 / 0 }, { nil, 3 } }),
    'a,b,c\n"say ""x""","1,2",\n,3,\n')
end)

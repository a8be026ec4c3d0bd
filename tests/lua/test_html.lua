local check = require "check"
local test, same = check.test, check.same

-- Under a plain lua5.4 the host's Markdown library is not there.
local ok, synlab = pcall(require, "synlab")
if not (ok and synlab.html) then return end
local figure = require "text.figure"
local html = require "text.html"
local tables = require "text.tables"

local function body(markdown, files)
  local page = html.page("T", markdown, function(path) return (files or {})[path] end)
  return page:match "<main>\n(.*)</main>", page
end

test("html: headings have the names that the contents link to", function()
  same(body "## Figure 1: a & `b`, *c*?", '<h2 id="figure-1-a--b-c">Figure 1: a &amp; '
    .. "<code>b</code>, <em>c</em>?</h2>\n")
  same(require("text.weave").anchor "Figure 1: a & b, c?", "figure-1-a--b-c")
  local page = select(2, body "## A b\n\n## C")
  check.contains(page, '<nav aria-label="Contents">')
  check.contains(page, '<li><a href="#a-b">A b</a></li>\n<li><a href="#c">C</a></li>')
  if select(2, body "## A b"):find "<nav" then error "contents of one chapter" end
end)

test("html: tables scroll by themselves and keep their alignment, and no number parts from its %", function()
  local text = body "| a | b |\n| - | --: |\n| x 1 % | 1 |"
  check.contains(text, '<div class="table">\n<table>')
  check.contains(text, '<td style="text-align: right">1</td>')
  check.contains(text, "<td>x 1\u{A0}%</td>")
  check.contains(text, '<th scope="col" style="text-align: right">b</th>')
end)

test("html: each cell of a claim says what it is", function()
  local text = body "| Claim | Ours | Verdict |\n| - | --: | - |\n| x | 1 | \"no\" |"
  check.contains(text, '<table class="claims">')
  check.contains(text, '<td data-label="Ours" style="text-align: right">1</td>')
  check.contains(text, '<td data-label="Verdict">&quot;no&quot;</td>')
end)

local SVG = '<?xml version="1.0"?>\n<svg \n width="9" xmlns="http://www.w3.org/2000/svg">\n<title>F &amp; "g"</title>\n'
  .. "<desc>It rises.</desc>\n<path id='a' d=\"M1.25,2.00 L30.00,4.5\"/><use xlink:href='#a'/>\n"
  .. "<g fill=\"none\">\n</g><g stroke='none' shape-rendering='crispEdges'>\n"
  .. "<path fill='#1020ff' d='M1.00,8.00H3.00V6.54H1.00z'/>\n"
  .. "<path fill='#1020ff' d='M3.00,8.00H4.00V6.54H3.00z'/>\n"
  .. '</g><text>1.00 to 2.25</text>\n<rect class="panel" data-title="P" data-x="time" data-rows="2"/></svg>\n'
local CSV = 'panel,series,x,y,z,low,high,seeds,run\nA,"a, ""b""",1,-2,,,,7,abc\nA,<c>,2,3,,,,8,def\n'

test("html: a figure is in the page, with its words, its caption and its data", function()
  local text = body("[![F](figures/f.png)](figures/f.svg)\n\n**F.** Of it.",
    { ["figures/f.svg"] = SVG, ["figures/f.csv"] = CSV })
  check.contains(text, '<figure id="figure-f">\n<svg class="only" role="group" aria-label="F &amp; &quot;g&quot;" '
    .. 'aria-describedby="f-desc" ')
  check.contains(text, '<desc id="f-desc">It rises.</desc>')
  check.contains(text, "<figcaption><strong>F.</strong> Of it.</figcaption>")
  check.contains(text, "<use xlink:href='#f-a'/>")
  check.contains(text, "<path id='f-a' d=\"M1.2,2 L30,4.5\"/>")
  check.contains(text, '<path fill=\'#1020ff\' d=\'M1,8H3V6.5H1zM3,8H4V6.5H3z\'/>')
  check.contains(text, "<text>1.00 to 2.25</text>")
  check.contains(text, '<th scope="col">series</th><th scope="col">time</th><th scope="col">y</th>'
    .. '<th scope="col">seeds</th><th scope="col">run</th>')
  check.contains(text, '<tr><td>a, &quot;b&quot;</td><td>1</td><td>−2</td><td>7</td><td>abc</td></tr>')
  check.contains(text, "<td>&lt;c&gt;</td>")
  local address = text:match 'download="f.csv" href="data:text/csv;charset=utf%-8,([^"]*)"'
  same((address:gsub("%%(%x%x)", function(x) return string.char(tonumber(x, 16)) end)), CSV)
  check.contains(body "[![F](figures/f.png)](figures/f.svg)\n\nF.", '<a href="figures/f.svg">')
end)

test("html: both forms of a figure are in the page, and no name of one is the other's", function()
  local text = body("[![F](f.png)](f.svg)\n\nF.", { ["f.svg"] = SVG, ["f.narrow.svg"] = SVG })
  check.contains(text, '<svg class="wide"')
  check.contains(text, '<svg class="narrow"')
  local seen = {}
  for id in text:gmatch "%sid=['\"]([^'\"]+)" do
    if seen[id] then error("twice: " .. id) end
    seen[id] = true
  end
end)

test("html: what a CSV holds comes out of it", function()
  local rows = { { "a", '"', 'x "y", z' }, { '""', "", ",," }, { "1", "2", '"3"' } }
  for i, row in ipairs(figure.rows(tables.csv({ "p", "q", "r" }, rows))) do
    same({ row.p, row.q, row.r }, rows[i])
  end
  same(#figure.rows(tables.csv({ "p" }, {})), 0)
end)

test("html: a long curve is thinned in the table, with its ends; a great map is not in it", function()
  local rows, files = {}, { ["f.svg"] = (SVG:gsub('data%-rows="2"', 'data-rows="1000"')) }
  for i = 1, 1000 do rows[i] = { "A", i <= 500 and "a" or "b", i, i, "", "", "", i <= 500 and 1 or 2, "r" } end
  files["f.csv"] = tables.csv({ "panel", "series", "x", "y", "z", "low", "high", "seeds", "run" }, rows)
  local text = body("[![F](f.png)](f.svg)\n\nF.", files)
  check.contains(text, "of 1000 points; all of them in the CSV")
  for _, i in ipairs { 1, 500, 501, 1000 } do check.contains(text, ("<td>%d</td><td>%d</td>"):format(i, i)) end
  if select(2, text:gsub("<tr>", "")) > 210 then error "it is not thinned" end
  files["f.svg"] = files["f.svg"]:gsub("data%-rows", 'data-cells="50 20" %0')
  check.contains(body("[![F](f.png)](f.svg)\n\nF.", files), "a map of 50 × 20 cells")
end)

test("html: no script but the page's own, nothing is fetched, and text stays text", function()
  local text, page = body "a < b <script>x</script> α_s `x_y`"
  check.contains(text, "&lt;script>x&lt;/script> α<sub>s</sub> <code>x_y</code>")
  same(select(2, page:gsub("<script", "")), 1)
  for _, word in ipairs { "<script ", "<link", "@import", "fetch", "XMLHttp", "url%(" } do
    if page:find(word) then error("loads: " .. word) end
  end
  check.contains(select(2, body ""), '<meta name="viewport"')
  check.contains((html.page("a <b>", "", function() end)), "<title>a &lt;b&gt;</title>")
end)

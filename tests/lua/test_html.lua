local check = require "check"
local test, same = check.test, check.same

-- Under a plain lua5.4 the host's Markdown library is not there.
local ok, synlab = pcall(require, "synlab")
if not (ok and synlab.html) then return end
local html = require "text.html"

local function body(markdown, files)
  local page = html.page("T", markdown, function(path) return (files or {})[path] end)
  return page:match "<body>\n(.*)</body>", page
end

test("html: headings have the names that the contents link to", function()
  same(body "## Figure 1: a & `b`, *c*?", '<h2 id="figure-1-a--b-c">Figure 1: a &amp; '
    .. "<code>b</code>, <em>c</em>?</h2>\n")
  same(require("text.weave").anchor "Figure 1: a & b, c?", "figure-1-a--b-c")
end)

test("html: tables scroll by themselves and keep their alignment", function()
  local text = body "| a | b |\n| - | --: |\n| x | 1 |"
  check.contains(text, '<div class="table">\n<table>')
  check.contains(text, '<td style="text-align: right">1</td>')
end)

test("html: a figure is in the page, and comes out of it as it went in", function()
  local svg = '<svg xmlns="http://www.w3.org/2000/svg">\n<path d="M1,2 L3,4"/> 100% #1 α</svg>\n'
  local text = body("[![F](figures/f.png)](figures/f.svg)", { ["figures/f.svg"] = svg })
  local address = text:match '^<p><img src="data:image/svg%+xml,([^"<>%s]*)" alt="F" /></p>\n$'
  same((address:gsub("%%(%x%x)", function(x) return string.char(tonumber(x, 16)) end)), svg)
  check.contains(body "[![F](figures/f.png)](figures/f.svg)", '<a href="figures/f.svg">')
  check.contains(body("[![F](figures/f.png)](figures/f.svg)", { ["figures/f.svg"] = svg,
    ["figures/f.narrow.svg"] = "<svg/>" }), '<source media="(max-width: 40rem)" srcset="data:image/svg+xml,%3Csvg/%3E" />')
end)

test("html: nothing runs, nothing is fetched, and text stays text", function()
  local text, page = body "a < b <script>x</script> α_s `x_y`"
  check.contains(text, "&lt;script>x&lt;/script> α<sub>s</sub> <code>x_y</code>")
  if page:find "<script" or page:find "<link" or page:find "@import" then error "loads" end
  check.contains(select(2, body ""), '<meta name="viewport"')
  check.contains((html.page("a <b>", "", function() end)), "<title>a &lt;b&gt;</title>")
end)

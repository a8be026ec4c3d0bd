--- A page as one HTML file that needs nothing else: no script, no network, its figures in it. What
--- turns Markdown into HTML is the host's library; here stand only the frame around it, the anchors
--- that the contents link to, and the figures.
local html = {}

local weave = require "text.weave"

local STYLE = [[
:root { color-scheme: light dark; --text: #1c1e21; --back: #fff; --rule: #d0d4da;
  --soft: #f3f4f6; --link: #0b57a4; }
@media (prefers-color-scheme: dark) {
  :root { --text: #dfe2e6; --back: #16181b; --rule: #43484f; --soft: #22262b; --link: #82b7f0; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem 1rem 4rem; max-width: 54rem; color: var(--text);
  background: var(--back); font: 1rem/1.55 "DejaVu Sans", Verdana, system-ui, sans-serif;
  overflow-wrap: break-word; }
h1, h2, h3 { line-height: 1.25; margin: 2.2em 0 0.6em; }
h1 { font-size: 1.7rem; margin-top: 0.5em; }
h2 { font-size: 1.35rem; border-top: 1px solid var(--rule); padding-top: 1em; }
h3 { font-size: 1.1rem; }
a { color: var(--link); }
img { max-width: 100%; height: auto; background: #fff; border-radius: 4px; }
blockquote { margin: 1em 0; padding: 0.1em 1em; border-left: 4px solid #c8691c;
  background: var(--soft); }
code { font: 0.88em "DejaVu Sans Mono", Menlo, Consolas, monospace; background: var(--soft);
  padding: 0.1em 0.25em; border-radius: 3px; }
pre { overflow-x: auto; background: var(--soft); padding: 0.8em; border-radius: 4px; }
pre code { padding: 0; }
.table { overflow-x: auto; margin: 1em 0; }
table { border-collapse: collapse; font-size: 0.88rem; font-variant-numeric: tabular-nums;
  overflow-wrap: normal; }
th, td { padding: 0.3em 0.7em; border-bottom: 1px solid var(--rule); text-align: left;
  vertical-align: top; }
th { border-bottom-width: 2px; }
@media print { body { max-width: none; } h2 { break-after: avoid; } img { break-inside: avoid; } }
]]

local function escape(text)
  return (text:gsub("[&<>\"]", { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;",
    ['"'] = "&quot;" }))
end

--- Plain text of a piece of HTML.
local function text_of(piece)
  local names = { amp = "&", lt = "<", gt = ">", quot = '"' }
  return (piece:gsub("<[^>]*>", ""):gsub("&(%a+);", names))
end

--- A drawing as the address of itself.
local function embed(svg)
  return "data:image/svg+xml," .. svg:gsub("[^%w%-_.~/:;=,()]", function(c)
    return ("%%%02X"):format(c:byte())
  end)
end

--- HTML of a page in Markdown. `read` gives the text of a file by its path below the page's folder,
--- or nil: a figure that is not there stays a link.
function html.page(title, markdown, read)
  local body = require("synlab").html(markdown)
  body = body:gsub("<h(%d)>(.-)</h%1>", function(level, inner)
    return ('<h%s id="%s">%s</h%s>'):format(level, weave.anchor(text_of(inner)), inner, level)
  end)
  -- α_s in prose; attributes of elements are not text
  body = body:gsub(">[^<]+", function(text)
    return (text:gsub("([\xCE\xCF][\x80-\xBF])_(%w+)", "%1<sub>%2</sub>"))
  end)
  -- a figure links to its scalable form, which is what goes in; the link has nowhere to lead
  body = body:gsub('<a href="([^"]-%.svg)">(<img [^>]*>)</a>', function(path, image)
    local svg = read(path)
    if not svg then return nil end
    image = image:gsub('src="[^"]*"', function() return ('src="%s"'):format(embed(svg)) end)
    local narrow = read((path:gsub("svg$", "narrow.svg")))
    return narrow and ('<picture><source media="(max-width: 40rem)" srcset="%s" />%s</picture>'):format(
      embed(narrow), image) or image
  end)
  body = body:gsub("<table>", '<div class="table">\n<table>'):gsub("</table>", "</table>\n</div>")
  -- the attribute is of HTML 4; its meaning in today's HTML is a style
  body = body:gsub('<(t[hd]) align="(%a+)">', '<%1 style="text-align: %2">')
  return table.concat { '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n',
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>',
    escape(title), "</title>\n<style>\n", STYLE, "</style>\n</head>\n<body>\n", body,
    "</body>\n</html>\n" }
end

return html

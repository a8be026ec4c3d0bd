--- A page as one HTML file that needs nothing else and fetches nothing: its figures, their data and its
--- script are in it, and it can be read without that. What turns Markdown into HTML is the host's
--- library; here stand only the frame around it, the anchors that the contents link to, and the figures.
local html = {}

local figure = require "text.figure"
local script = require "text.html_script"
local style = require "text.html_style"
local weave = require "text.weave"

--- Plain text of a piece of HTML.
local function text_of(piece)
  local names = { amp = "&", lt = "<", gt = ">", quot = '"' }
  return (piece:gsub("<[^>]*>", ""):gsub("&(%a+);", names))
end

--- Headings with their anchors, and a list of the chapters', if there are several.
local function with_anchors(body)
  local chapters = {}
  body = body:gsub("<h(%d)>(.-)</h%1>", function(level, inner)
    local anchor = weave.anchor(text_of(inner))
    if level == "2" then chapters[#chapters + 1] = ('<li><a href="#%s">%s</a></li>'):format(anchor, inner) end
    return ('<h%s id="%s">%s</h%s>'):format(level, anchor, inner, level)
  end)
  return body, #chapters > 1 and ("<nav aria-label=\"Contents\">\n<details open>\n<summary>Contents</summary>\n"
    .. "<ol>\n%s\n</ol>\n</details>\n</nav>\n"):format(table.concat(chapters, "\n")) or ""
end

--- A table in a box that scrolls by itself. No line ends between a number and its %. Cells of claims say
--- what they are, since on a narrow screen each stands in a line of its own.
local function boxed(inner)
  inner = inner:gsub("(%d) %%", "%1\u{A0}%%"):gsub("<th%f[%W]", '<th scope="col"')
  local names, class = {}, ""
  for name in inner:gmatch "<th%f[%W][^>]*>(.-)</th>" do names[#names + 1] = text_of(name) end
  if names[#names] == "Verdict" then
    class = ' class="claims"'
    inner = inner:gsub("<tr>.-</tr>", function(row)
      local c = 0
      return (row:gsub("<td", function()
        c = c + 1
        return ('<td data-label="%s"'):format(figure.escape(names[c] or ""))
      end))
    end)
  end
  -- the attribute is of HTML 4; its meaning in today's HTML is a style
  inner = inner:gsub('(<t[hd][^>]-) align="(%a+)"', '%1 style="text-align: %2"')
  return ('<div class="table">\n<table%s>%s</table>\n</div>'):format(class, inner)
end

--- HTML of a page in Markdown. `read` gives the text of a file by its path below the page's folder,
--- or nil: a figure that is not there stays a link.
function html.page(title, markdown, read)
  local body, contents = with_anchors(require("synlab").html(markdown))
  -- α_s in prose; attributes of elements are not text
  body = body:gsub(">[^<]+", function(text)
    return (text:gsub("([\xCE\xCF][\x80-\xBF])_(%w+)", "%1<sub>%2</sub>"))
  end)
  body = body:gsub("<table>(.-)</table>", boxed)
  -- a figure links to its scalable form, which is what goes in; the paragraph after it is its caption
  body = body:gsub('<p><a href="([^"]-%.svg)"><img [^>]*></a></p>%s*<p>(.-)</p>', function(path, caption)
    return figure.html(path, caption, read)
  end)
  return table.concat { '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n',
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>',
    figure.escape(title), "</title>\n<style>\n", style, "</style>\n</head>\n<body>\n", contents, "<main>\n",
    body, "</main>\n<script>\n", script, "</script>\n</body>\n</html>\n" }
end

return html

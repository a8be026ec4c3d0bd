--- What all papers of a report are made of, in words: taken from what made it, never typed.
local facts = {}

local format = require "text.format"
local weave = require "text.weave"

--- Who wrote the program, as CITATION.cff has it. Who ran it, the program does not ask.
facts.AUTHORS = "The synlab authors"

--- A name of a file below the house, or of a stranger's: no path of this machine.
function facts.short(path, home)
  if path:sub(1, #home + 1) == home .. "/" then return path:sub(#home + 2) end
  return path:sub(1, 1) == "/" and path:match "([^/]+)/*$" or path
end

--- "letters: 12,339 images in 10 classes"
function facts.set(set)
  return ("%s: %s in %s"):format(set.name, format.counted(set.n, "image"),
    format.counted(set.classes, "class", "classes"))
end

--- Markdown without its marks.
function facts.plain(text)
  return (text:gsub("%*%*", ""):gsub("`", ""))
end

--- The sources, in a sentence: "synlab 0.1.0, commit 0123456789, swh:1:dir:...".
function facts.sources(versions)
  local swhid, why = weave.swhid(versions)
  return ("synlab %s, commit %s, %s"):format(versions.synlab, versions.commit,
    swhid or "no SWHID: " .. why)
end

--- Of the files, { { path, sha256, size }, ... }: in the order of their names, each with a title.
--- `titles` are by path, with or without what a figure's name ends in.
function facts.files(outputs, titles)
  local files = {}
  for i, file in ipairs(outputs) do
    files[i] = { path = file.path, sha256 = file.sha256, size = file.size,
      title = titles[file.path] or titles[file.path:gsub("%.%w+$", "")] or file.path }
  end
  table.sort(files, function(a, b) return a.path < b.path end)
  return files
end

return facts

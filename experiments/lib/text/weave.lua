--- The weave: prose, results and provenance as Markdown. Pure functions from text to text, but for
--- weave.provenance, which asks the host.
local weave = {}

local format = require "text.format"
local names = require "text.names"
local tables = require "text.tables"

--- Prose stands indented in a script; its common indentation is taken off, as are blank lines
--- around it.
function weave.dedent(text)
  local least
  for line in text:gmatch("[^\n]+") do
    local indent = line:match("^( *)%S")
    if indent and (not least or #indent < least) then least = #indent end
  end
  local lines = {}
  for line in (text .. "\n"):gmatch("(.-)\n") do
    lines[#lines + 1] = (line:sub((least or 0) + 1):gsub("%s+$", ""))
  end
  return (table.concat(lines, "\n"):gsub("^\n+", ""):gsub("\n+$", ""))
end

--- Fills ${name} from the table `numbers`, else by the function `lookup`; a name that neither has
--- is an error. This is how a number gets into a text: never by typing it.
function weave.fill(text, numbers, lookup, where)
  return (text:gsub("%${([^}]*)}", function(name)
    local value = numbers[name]
    if value == nil and lookup then value = lookup(name) end
    if value == nil then
      local near = names.nearest(name, names.keys(numbers))
      error(("%s: the text has ${%s}, which no number is named%s"):format(where, name,
        near and (" (did you mean ${%s}?)"):format(near) or ""), 0)
    end
    return tostring(value)
  end))
end

local WIDTH = 100

--- Paragraphs and list items filled to lines of WIDTH characters, a number and its % on one line.
--- Tables, headings, quotes, indented lines and all between code fences stay.
function weave.wrap(text)
  local out, words, indent, fence = {}, {}, "", nil
  local function flush()
    local line
    for i, word in ipairs(words) do
      if line and utf8.len(line) + 1 + utf8.len(word) > WIDTH then
        out[#out + 1] = line
        line = indent .. word
      else
        line = line and line .. " " .. word or (i == 1 and words.lead or "") .. word
      end
    end
    out[#out + 1] = line
    words, indent = {}, ""
  end
  for line in (text .. "\n"):gmatch("(.-)\n") do
    local mark = line:match("^%s*(```+)") or line:match("^%s*(~~~+)")
    local lead, marker = line:match("^( *)(%d+[.)] )")
    if not marker then lead, marker = line:match("^( *)([-*+] )") end
    local stays = line == "" or line:match("^%s*[|#>]") or line:match("^    ") and #words == 0
    if fence or mark then
      flush()
      out[#out + 1] = line
      if not fence then
        fence = mark
      elseif mark and mark:sub(1, #fence) == fence and not line:match("[`~]%s*[^%s`~]") then
        fence = nil
      end
    elseif stays and not marker then
      flush()
      out[#out + 1] = line
    else
      if marker then
        flush()
        indent, words.lead = (" "):rep(#lead + #marker), lead
      end
      for word in line:gmatch("%S+") do
        local joined = #words > 0 and word:find "^%%"
        words[joined and #words or #words + 1] = joined and words[#words] .. " " .. word or word
      end
    end
  end
  flush()
  return table.concat(out, "\n")
end

--- Words without the marks of Markdown, on one line.
function weave.plain(text)
  return (weave.dedent(text):gsub("[*`]", ""):gsub("%s+", " "))
end

--- An image, what it shows in words, with its caption below; the picture links to the scalable one.
function weave.figure(name, alt, caption)
  return ("[![%s](figures/%s.png)](figures/%s.svg)\n\n%s"):format(weave.literal(alt), name, name, caption)
end

--- A table with its caption above.
function weave.table(caption, columns, rows)
  return caption .. "\n\n" .. tables.markdown(columns, rows)
end

--- How the runs ended, by status: "20 runs (1 failed)", and what they cost.
local function tally(records)
  local bad, order, seconds, seeds, seen = {}, { "failed", "aborted", "diverged" }, 0, {}, {}
  for _, record in ipairs(records) do
    bad[record.status] = (bad[record.status] or 0) + 1
    seconds = seconds + (record.seconds or 0)
    local seed = record.spec and record.spec.seed
    if seed and not seen[seed] then seen[seed], seeds[#seeds + 1] = true, seed end
  end
  local notes = {}
  for _, status in ipairs(order) do
    if bad[status] then notes[#notes + 1] = ("%d %s"):format(bad[status], status) end
  end
  return #notes > 0 and (" (%s)"):format(table.concat(notes, ", ")) or "", seeds, seconds
end

--- What follows every figure and table: how to repeat it, what it took, its seeds.
function weave.repeat_line(command, records)
  local notes, seeds, seconds = tally(records)
  return ("*Repeat:* `%s` · %s%s · seed%s %s · %s of computing"):format(command,
    format.counted(#records, "run"), notes, #seeds == 1 and "" or "s", format.ranges(seeds),
    format.duration(seconds))
end

--- A text as it stands, whatever Markdown or HTML would make of it.
function weave.literal(text)
  return (text:gsub("[\\`*_%[%]|#~]", "\\%0"):gsub("&", "&amp;"):gsub("<", "&lt;"))
end

--- A title as a sentence.
function weave.sentence(title)
  return title:find "[.?!]$" and title or title .. "."
end

local FAILURES_MAX = 20

--- Runs that did not end well, one line each: never dropped, always shown. `name` names a record.
function weave.failures(records, name)
  local lines, more = {}, 0
  for _, record in ipairs(records) do
    if record.status ~= "ended" and #lines == FAILURES_MAX then
      more = more + 1
    elseif record.status ~= "ended" then
      lines[#lines + 1] = ("- %s %s%s"):format(weave.literal(name(record)), record.status, record.error and ": " .. weave.literal(record.error)
        or " after " .. format.counted(record.iterations, "iteration"))
    end
  end
  if #lines == 0 then return nil end
  if more > 0 then lines[#lines + 1] = ("- and %d more"):format(more) end
  return "Runs that did not end as planned:\n\n" .. table.concat(lines, "\n")
end

--- The name of a heading, as GitHub makes it.
function weave.anchor(title)
  return (title:lower():gsub("[^%w%s_-]", ""):gsub("%s", "-"))
end

--- Notices as block quotes that no reader can miss.
function weave.notices(list)
  local blocks = {}
  for i, notice in ipairs(list) do blocks[i] = "> " .. notice:gsub("\n", "\n> ") end
  return table.concat(blocks, "\n\n")
end

--- The SWHID of the program's sources; or nil, and why they have none.
function weave.swhid(versions)
  if type(versions.swhid) == "string" then return versions.swhid end
  return nil, versions.commit == "unknown" and "the program was built from sources without git"
    or ("the sources were changed after commit %s"):format((versions.commit:gsub("%-changed$", "")))
end

--- What was run where: versions, profile, image sets (a list). No dates and no paths, so that the same run writes
--- the same page on another day and another machine of the same kind.
function weave.provenance(synlab, sets)
  local v, rows = synlab.versions(), {}
  local function row(name, value)
    if value and value ~= "" then rows[#rows + 1] = { name, value } end
  end
  row("synlab", ("%s, commit %s, numerics %s"):format(v.synlab, v.commit, v.numerics))
  local swhid, why = weave.swhid(v)
  row("SWHID of the sources", swhid and ("`%s`"):format(swhid) or "none: " .. why)
  row("Profile", synlab.profile.name)
  for _, data in ipairs(sets or {}) do
    row("Images", ("%s: %s in %s%s"):format(data.name, format.counted(data.n, "image"),
      format.counted(data.classes, "class", "classes"), data.skipped and #data.skipped > 0
        and (", %d unreadable skipped"):format(#data.skipped) or ""))
    row("Digest of the images", ("`%s`"):format(data.digest))
  end
  row("Lua, gnuplot, BLAS", ("%s; %s; %s"):format(v.lua, v.gnuplot, v.openblas))
  row("Compiler", v.compiler)
  row("Processor", ("%s (kernels: %s), %s"):format(v.cpu, v.isa, format.counted(synlab.profile.cores, "core")))
  row("Memory, system", ("%s; %s"):format(v.memory, v.os))
  return tables.markdown({ "What", "Which" }, rows)
end

--- A whole page from title, notices (a list), answers, verdicts, intro, provenance and chapters
--- ({ title=, body=, finding= what the contents say of it, or nil }).
function weave.document(parts)
  local out = { "# " .. parts.title }
  local function add(text)
    if text and text ~= "" then out[#out + 1] = text end
  end
  add(weave.notices(parts.notices))
  add(parts.answers)
  add(parts.verdicts and parts.answers and "## Every claim" or nil)
  add(parts.verdicts)
  add(parts.intro)
  if #parts.chapters > 1 then
    local contents = {}
    for i, chapter in ipairs(parts.chapters) do
      contents[i] = ("%d. [%s](#%s)%s"):format(i, chapter.title, weave.anchor(chapter.title),
        chapter.finding and ": " .. chapter.finding or "")
    end
    add(weave.wrap(table.concat(contents, "\n")))
  end
  add(parts.provenance)
  for _, chapter in ipairs(parts.chapters) do
    add("## " .. chapter.title)
    add(chapter.body)
  end
  return table.concat(out, "\n\n"):gsub("\n\n\n+", "\n\n"):gsub("%s+$", "") .. "\n"
end

return weave

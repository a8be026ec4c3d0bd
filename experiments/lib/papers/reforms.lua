--- REFORMS.md: answers to a checklist, { about =, { module, { id, what it asks, answer }, ... }, ... },
--- with ${numbers} of the report and ${@id} for links to its sections. Pure functions.
local reforms = {}

local facts = require "papers.facts"
local format = require "text.format"
local weave = require "text.weave"

reforms.NAME = "REFORMS.md"

--- "all of them ended as planned but for 1 aborted, 2 diverged, which the report shows"
local function endings(statuses)
  local parts = {}
  for _, status in ipairs { "failed", "aborted", "diverged" } do
    if statuses[status] then parts[#parts + 1] = ("%d %s"):format(statuses[status], status) end
  end
  return "all of them ended as planned" .. (#parts > 0
    and (" but for %s, which the report shows"):format(table.concat(parts, ", ")) or "")
end

--- What answers may name.
local function numbers(f)
  local sets, skipped = {}, 0
  for i, set in ipairs(f.images) do
    sets[i] = ("%s (digest `%s`)"):format(facts.set(set), set.digest)
    skipped = skipped + (set.skipped and #set.skipped or 0)
  end
  local v = f.versions
  return {
    images = #sets > 0 and table.concat(sets, "; ") or "no images",
    skipped = skipped == 0 and "Every image could be read"
      or format.counted(skipped, "file") .. " could not be read and were left out",
    runs = format.counted(f.runs, "run"), endings = endings(f.statuses),
    sources = facts.sources(v), command = f.command, profile = f.profile,
    report = f.report,
    machine = ("%s (kernels: %s); %s, %s; %s; %s; %s"):format(v.cpu, v.isa, v.compiler, v.flags, v.lua,
      v.gnuplot, v.openblas),
  }
end

--- Raises a line if an answer links to a section that is not among these ids.
function reforms.check(checklist, ids, where)
  local sections = {}
  for _, id in ipairs(ids) do sections[id] = true end
  for _, module in ipairs(checklist) do
    for i = 2, #module do
      for id in module[i][3]:gmatch "%${@([^}]*)}" do
        if not sections[id] then
          error(("%s: item %s links to '${@%s}', and there are the sections %s"):format(where,
            module[i][1], id, table.concat(ids, ", ")), 0)
        end
      end
    end
  end
end

--- The checklist answered. `f.sections` are the report's, { id =, title = }.
function reforms.of(checklist, f)
  local links = {}
  for _, section in ipairs(f.sections) do
    links["@" .. section.id] = ("[%s](%s#%s)"):format(section.title, f.report, weave.anchor(section.title))
  end
  local known, where = numbers(f), "the REFORMS checklist"
  local function filled(text)
    return weave.wrap(weave.fill(weave.dedent(text), known, function(name) return links[name] end, where))
  end
  local out = { "# The REFORMS checklist for this report", weave.notices(f.notices_marked),
    filled(checklist.about) }
  for _, module in ipairs(checklist) do
    out[#out + 1] = "## " .. module[1]
    for i = 2, #module do
      out[#out + 1] = filled(("**%s. %s** %s"):format(module[i][1], module[i][2],
        weave.dedent(module[i][3])))
    end
  end
  return table.concat(out, "\n\n"):gsub("\n\n\n+", "\n\n") .. "\n"
end

return reforms

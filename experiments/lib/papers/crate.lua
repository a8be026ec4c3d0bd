--- ro-crate-metadata.json: the folder of a report as an RO-Crate 1.1 that follows the profile Process
--- Run Crate 0.5, https://w3id.org/ro/wfrun/process/0.5: which program made which files of what, when.
--- A pure function; the papers' facts stand in papers.lua.
local crate = {}

local facts = require "papers.facts"
local weave = require "text.weave"

crate.NAME = "ro-crate-metadata.json"
local MANIFEST = "manifest.json"
local PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
local LICENCE = "https://spdx.org/licenses/"

local formats = { csv = "text/csv", md = "text/markdown", html = "text/html", svg = "image/svg+xml",
  png = "image/png", json = "application/json", yml = "application/yaml", gz = "application/gzip",
  txt = "text/plain" }

local function ref(id)
  return { ["@id"] = id }
end

local function refs(entities)
  local list = {}
  for i, entity in ipairs(entities) do list[i] = ref(entity["@id"]) end
  return list
end

local function entity(id, kind, properties)
  properties["@id"], properties["@type"] = id, kind
  return properties
end

--- A path as a relative address.
local function address(path)
  return (path:gsub("[^%w%-._~/]", function(c) return ("%%%02X"):format(c:byte()) end))
end

local function file(f)
  return entity(address(f.path), "File", { name = f.title, sha256 = f.sha256,
    contentSize = f.size and ("%d"):format(f.size), description = f.description,
    encodingFormat = formats[f.path:match "%.(%w+)$"] or "application/octet-stream" })
end

--- The digest is a property of its own: it is over decoded images, not over a file.
local function data(set)
  local id = "#images-" .. set.digest:sub(1, 12)
  return entity(id, "CreativeWork", { name = set.name, description = facts.set(set),
    identifier = ref(id .. "-digest") }), entity(id .. "-digest", "PropertyValue",
    { name = "SHA-256 over the decoded images, sorted by class and name", value = set.digest })
end

local function article(a)
  local people = {}
  for i, author in ipairs(a.authors) do
    people[i] = entity("#" .. author.family, "Person", { familyName = author.family,
      givenName = author.given, name = author.given .. " " .. author.family })
  end
  return entity("https://doi.org/" .. a.doi, "ScholarlyArticle", { name = a.title,
    author = refs(people), datePublished = ("%d"):format(a.year),
    license = ref(LICENCE .. a.licence) }), people
end

local function software(versions)
  local swhid, why = weave.swhid(versions)
  return entity(swhid or "#synlab", "SoftwareApplication", { name = "synlab", identifier = swhid,
    softwareVersion = versions.synlab .. "+" .. versions.commit, author = ref "#authors",
    license = ref(LICENCE .. "MIT"),
    description = ("Commit %s%s; numerics %s; built by %s with %s; kernels %s; %s; %s; %s"):format(
      versions.commit, why and ", no SWHID: " .. why or "", versions.numerics, versions.compiler,
      versions.flags, versions.isa, versions.lua, versions.gnuplot, versions.openblas) })
end

local function action(f, parts)
  return entity("#run", "CreateAction", { name = "synlab makes the report", description = f.command
    .. (" (on %s). Runs that were in the run store were computed before: see %s."):format(
      f.versions.cpu, MANIFEST),
    startTime = f.times.began, endTime = f.times.ended, agent = ref "#agent",
    instrument = ref(parts.program["@id"]), object = refs(parts.objects), result = refs(parts.files) })
end

local function root(f, parts)
  return entity("./", "Dataset", { name = f.title, datePublished = f.times.ended,
    description = table.concat({ "What synlab wrote to reproduce the article that is cited.",
      table.unpack(f.notices) }, " "),
    conformsTo = ref(PROFILE), license = ref(LICENCE .. "MIT"), author = ref "#authors",
    citation = ref(parts.article["@id"]), mentions = ref "#run", hasPart = refs(parts.files) })
end

--- The crate of these facts as a value that is to be JSON. `files` are all that the page is made of.
function crate.of(f)
  local parts = { files = {}, objects = {}, program = software(f.versions) }
  local more, people = {}, nil
  for i, f_file in ipairs(f.files) do parts.files[i] = file(f_file) end
  parts.files[#parts.files + 1] = file { path = MANIFEST, title = "Manifest",
    description = "What every page was made with, run by run, and the digest of every file. It has "
      .. "the digest of this crate's metadata, so that these cannot have its own." }
  for i, set in ipairs(f.images) do
    parts.objects[i], more[i] = data(set)
  end
  parts.objects[#parts.objects + 1] = entity("#script", "SoftwareSourceCode", { name = f.script,
    isPartOf = ref(parts.program["@id"]), description = "The script that declares the runs." })
  parts.article, people = article(f.article)
  local graph = {
    entity(crate.NAME, "CreativeWork", { about = ref "./",
      conformsTo = ref "https://w3id.org/ro/crate/1.1" }),
    root(f, parts), action(f, parts), parts.program, parts.article,
    entity(PROFILE, "CreativeWork", { name = "Process Run Crate", version = "0.5" }),
    entity(LICENCE .. "MIT", "CreativeWork", { name = "MIT License" }),
    entity(LICENCE .. f.article.licence, "CreativeWork", { name = f.article.licence }),
    entity("#authors", "Organization", { name = facts.AUTHORS }),
    entity("#agent", "Person", { name = "not recorded",
      description = "Whoever ran the command; the program asks for no names." }),
  }
  for _, list in ipairs { people, parts.objects, more, parts.files } do
    table.move(list, 1, #list, #graph + 1, graph)
  end
  return { ["@context"] = { "https://w3id.org/ro/crate/1.1/context",
    "https://w3id.org/ro/terms/workflow-run/context" }, ["@graph"] = graph }
end

return crate

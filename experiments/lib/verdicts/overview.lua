--- The verdicts on differences as a picture: against the published means and their margin, and against
--- gradient descent.
local overview = {}

local claims = require "verdicts.claims"

local names = {
  { "authors.synaptic32", "Syn. RL 32 HU, authors' table" }, { "table1.synaptic32.mean", "Syn. RL 32 HU" },
  { "authors.synaptic0", "Syn. RL 0 HU, authors' table" }, { "table1.synaptic0.mean", "Syn. RL 0 HU" },
  { "policy.averaged", "Syn. RL 0 HU, ten tables" }, { "table1.descent32.mean", "Grad. Desc. 32 HU" },
  { "table1.descent0.mean", "Grad. Desc. 0 HU" },
}
local against = { -- with the difference that the paper has, if any
  { "par.32", "32 HU, as published", "gap.32" }, { "fair.32", "32 HU, at its plateau" },
  { "par.0", "0 HU, as published", "gap.0" }, { "fair.0", "0 HU, at its plateau" },
}

--- On par is not further behind than the margin; of what is undecided, where it stands by itself.
local function said(r)
  if r.claim.judge == "noninferior" and r.word == "replicated" then
    return r.low > 0 and "ahead" or r.high < 0 and "behind, within 2" or "on par"
  end
  return r.leans and ("%s (%s)"):format(r.word, r.leans[1]) or r.word
end

local function rows_of(list, by_id)
  local rows = {}
  for _, item in ipairs(list) do
    local r = by_id[item[1]]
    if r and r.low90 then
      local published = r.claim.published
      local from = r.claim.judge == "noninferior" and 0
        or type(published) == "table" and published.mean or published
      local function place(x) return 100 * (x - from) end
      rows[#rows + 1] = { label = item[2], x = place(r.ours), low = place(r.low), high = place(r.high),
        inner = { place(r.low90), place(r.high90) }, said = said(r),
        mark = item[3] and 100 * claims.get(item[3]).published.mean }
    end
  end
  return rows
end

--- Panels for plot.lua, or nil where nothing is judged.
function overview.panels(results)
  local by_id = {}
  for _, r in ipairs(results) do by_id[r.claim.id] = r end
  local a, b = rows_of(names, by_id), rows_of(against, by_id)
  if #a == 0 or #b == 0 then return nil end
  return {
    { kind = "forest", label = "A", title = "Ours minus published", rows = a, differences = true,
      margin = { -1, 1, title = "margin: 1 point" }, xlabel = "percentage points of validation accuracy" },
    { kind = "forest", label = "B", title = "Synaptic RL minus gradient descent", rows = b,
      differences = true, margin = { -2, title = "“on par”: 2 points behind" }, marked = "published difference",
      xlabel = "percentage points of validation accuracy" },
  }
end

return overview

--- `synlab rule show FILE [--picture] [--out DIR]`: a rule as its table.
local format = require "text.format"
local pasts = require "pictures.pasts"
local plot = require "pictures.plot"
local rules = require "runs.rule_files"

local MATRIX = 2 -- histories up to this are shown as a matrix, longer ones as a list

--- (-1, 0, +1)
local function list_text(list)
  local parts = {}
  for i, x in ipairs(list) do parts[i] = ("%+d"):format(x):gsub("+0", "0") end
  return #parts == 0 and "()" or "(" .. table.concat(parts, ", ") .. ")"
end

--- The action of a state, or its three chances.
local function action_text(chances)
  for i = 1, 3 do
    if chances[i] == 1 then return ({ "-1", "0", "+1" })[i] end
  end
  return ("%.2f/%.2f/%.2f"):format(chances[1], chances[2], chances[3])
end

local function print_matrix(rule, locals)
  local rows, widths = {}, {}
  local function add(cells)
    rows[#rows + 1] = cells
    for i, cell in ipairs(cells) do widths[i] = math.max(widths[i] or 0, #cell) end
  end
  local header = { "a \\ r" }
  for r = 0, locals - 1 do header[#header + 1] = list_text(rules.symbols(r, rule.history)) end
  add(header)
  for a = 0, locals - 1 do
    local cells = { list_text(rules.symbols(a, rule.history)) }
    for r = 0, locals - 1 do -- digits below those of the heading, which ends with a bracket
      cells[#cells + 1] = action_text(rule.chances[r * locals + a + 1]) .. " "
    end
    add(cells)
  end
  for _, cells in ipairs(rows) do
    local parts = {}
    for i, cell in ipairs(cells) do
      parts[i] = (" "):rep(widths[i] - #cell) .. cell
    end
    print(("  " .. table.concat(parts, "  ")):match "^(.-) *$")
  end
end

local function print_list(rule, locals)
  for r = 0, locals - 1 do
    for a = 0, locals - 1 do
      print(("  a = %s  r = %s  %s"):format(list_text(rules.symbols(a, rule.history)),
        list_text(rules.symbols(r, rule.history)), action_text(rule.chances[r * locals + a + 1])))
    end
  end
end

local function print_params(rule)
  if #rule.params == 0 then return end
  print("Parameters:")
  for _, p in ipairs(rule.params) do
    local about = {}
    if p.min > -math.huge or p.max < math.huge then
      about[1] = ("%.10g .. %.10g%s"):format(p.min, p.max, p.unit ~= "" and " " .. p.unit or "")
    end
    if p.value ~= p.default then about[#about + 1] = ("default %.10g"):format(p.default) end
    print(("  %-12s %.10g%s%s"):format(p.name, p.value,
      #about > 0 and " (" .. table.concat(about, "; ") .. ")" or "",
      p.doc ~= "" and "  " .. p.doc or ""))
  end
end

local function print_table(rule)
  local locals = math.tointeger(3 ^ rule.history)
  print(("Action in each of %s states; a: own last actions, r: last rewards, newest first:")
    :format(format.count(#rule.chances)))
  local show = rule.history <= MATRIX and print_matrix or print_list
  show(rule, locals)
  print("Odd under a change of sign: " .. (rules.odd(rule) and "yes" or "no"))
  local stuck = {}
  for i, past in ipairs(rules.never_left(rule)) do stuck[i] = "a = " .. list_text(past) end
  print("Never left without exploration, whatever the rewards: "
    .. (#stuck > 0 and table.concat(stuck, ", ") or "none"))
end

--- The code of a past, see rules.symbols: the newest symbol counts least.
local function code_of(past)
  local code = 0
  for _, symbol in ipairs(past) do code = 3 * code + symbol + 1 end
  return code
end

--- Mean move by state, as a map.
local function draw(rule, name, title)
  local all, values = pasts.all(rule.history), {}
  for _, rewards in ipairs(all) do
    for _, actions in ipairs(all) do
      local p = rule.chances[code_of(rewards) * #all + code_of(actions) + 1]
      values[#values + 1] = p[3] - p[1]
    end
  end
  local xlabel, ylabel = pasts.names(rule.history)
  plot.render { name = name, columns = 1, panels = { {
    kind = "heat", title = title, values = values, cells = #all, high = #all, range = { 0, #all },
    xticks = pasts.ticks(all), yticks = pasts.ticks(all, true), flat = true,
    xlabel = xlabel, ylabel = ylabel, cblabel = "mean move (steps)" } } }
  print(("%s/figures/%s.svg"):format(require("synlab").profile.out, name))
end

local file, params, given = require "rule.arguments"("show", { picture = true, out = "word" })
local rule = rules.describe(file, params)
print(rule.name .. (rule.doc ~= "" and ": " .. rule.doc or ""))
print_params(rule)
if rule.chances then
  if rule.kind == "learning" then print "It learns; this is where it starts." end
  print_table(rule)
  if given.picture then
    draw(rule, rules.figure(file, params), rules.label(rule.name, params))
  end
else
  print "It works on local quantities and has no table."
  if given.picture then error("rule show: a rule over local quantities has no picture", 0) end
end

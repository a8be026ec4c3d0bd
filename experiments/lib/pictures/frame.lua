--- What stands around a panel's box: title, names of the axes, labels of their ticks, the bar of
--- colours, the legend. All of it is measured first, so that nothing is cut, lies over another or
--- leaves the canvas; then drawn. Sizes are in pixels.
---
---   local one = frame.new(panel, kind, width)   what it wants, in a column of that width
---   frame.fit(one, left)                        with its box's left end there
---   frame.draw(one, pen, height)                with its box that high
---
--- A kind's `view` of a panel (kinds.lua) says what there is to set: x and y, each { low end, high end,
--- ticks = or nil, for computed ones }; `height` of the box; may be `names` for ticks of y that are
--- names, in a column of their own, and what they are names of, `head`, above them; `square`; `bar`, { low end, high end, ticks = } of the colours.
--- `said`, { position on y, text, kept = }, stands to the right of the box if there is room, else, if it
--- is to be kept, behind the name; `xnote` behind the
--- name of x. A tick is { position, label }, the label a text or a list of lines, {} for none.
local frame = {}

local axes = require "pictures.axes"
local legend = require "pictures.legend"
local measure = require "pictures.measure"

local TITLE, LABEL, TEXT, NAME = 14, 15, 13, 12 -- sizes of letters
local LINE = 16 -- from one line of words to the next
local EDGE = 8 -- between words and the end of the canvas
local OFF = 9 -- from an axis to the labels of its ticks
local RIGHT = 34 -- without a bar of colours
local BAR = { off = 11, width = 14 }
local ABOVE, BELOW = 44, 14 -- above the box, with one line of title; after the last words
local LEFT = 64 -- at least, so that boxes of most figures begin at one place
local SAYING = 600 -- pixels of a panel that has room for numbers beside its box
local UPRIGHT = 150 -- pixels of the longest name that stands upright

--- The lines of a tick's label.
local function lines_of(tick)
  local list = {}
  for i, text in ipairs(type(tick[2]) == "table" and tick[2] or { tick[2] }) do
    list[i] = measure.clean(text)
  end
  return list
end

local function widest(lines, size)
  local most = 0
  for _, text in ipairs(lines) do most = math.max(most, measure.width(text, size)) end
  return most
end

--- Ticks of an axis, { at = position, lines = }, those that its ends hold.
local function within(axis, list)
  local ticks, least = {}, 1e-9 * (axis[2] - axis[1])
  for _, tick in ipairs(list) do
    if tick[1] >= axis[1] - least and tick[1] <= axis[2] + least then
      ticks[#ticks + 1] = { at = tick[1], lines = lines_of(tick) }
    end
  end
  return ticks
end

--- How far along the axis, as a share.
local function share(axis, position)
  return (position - axis[1]) / (axis[2] - axis[1])
end
frame.share = share

--- Leaves out labels for which there is no room: fits(tick, the one before that has a label).
local function thin(ticks, fits)
  local before, left_out = nil, false
  for _, tick in ipairs(ticks) do
    if not tick.lines[1] then
      -- it has none
    elseif before and not fits(tick, before) then
      tick.lines, left_out = {}, true
    else
      before = tick
    end
  end
  return left_out
end

-- ---- what is to the left and to the right -------------------------------------------------------

local function set_y(self, room)
  local view = self.view
  local ticks = within(view.y, view.names or view.y.ticks or axes.computed(view.y[1], view.y[2]))
  local size, most, lines = view.names and NAME or TEXT, 0, 1
  for i, tick in ipairs(ticks) do
    local text = table.concat(tick.lines, " ")
    local said = view.said and not self.saying and view.said[i] -- what has no place of its own
    if said and said.kept then text = text .. ": " .. measure.clean(said[2]) end
    tick.lines = measure.wrap(text, room, size, (view.names or view.cells) and 2 or 1)
    most, lines = math.max(most, widest(tick.lines, size)), math.max(lines, #tick.lines)
  end
  if lines > 1 then view.height = 1.6 * view.height end
  local apart = view.height / (view.y[2] - view.y[1])
  self.left_out = thin(ticks, function(a, b) return math.abs(a.at - b.at) * apart >= size end)
  self.yticks, self.ysize = ticks, size
  self.ylabel = measure.wrap(measure.clean(self.panel.ylabel or ""), view.height + 2 * LINE, TEXT, 2)
  self.names_at = EDGE + LINE * #self.ylabel + (#self.ylabel > 0 and 4 or 0)
  self.left = math.max(self.names_at + most + OFF, view.names and 0 or LEFT)
end

local function set_bar(self)
  local bar, said = self.view.bar, 0
  for _, one in ipairs(self.saying and self.view.said or {}) do
    said = math.max(said, measure.width(one[2], NAME))
  end
  if not bar then
    self.said = said > 0 and self.view.said or {}
    self.right = said > 0 and OFF + said + EDGE or RIGHT
    return
  end
  self.bar, self.cblabel = within(bar, bar.ticks), {}
  local most = 0
  for _, tick in ipairs(self.bar) do most = math.max(most, widest(tick.lines, TEXT)) end
  self.cblabel = measure.wrap(measure.clean(self.panel.cblabel or ""), self.view.height + 2 * LINE,
    TEXT, 2)
  self.cblabel_at = BAR.off + BAR.width + OFF + most + 6
  self.right = self.cblabel_at + LINE * #self.cblabel + EDGE
end

--- A panel in a column of the figure, `width` wide.
function frame.new(panel, kind, width)
  local self = { panel = panel, kind = kind, width = width, view = kind.view(panel),
    saying = width >= SAYING }
  set_y(self, (self.view.names and 0.45 or 0.3) * width)
  set_bar(self)
  self.height = self.view.height
  return self
end

-- ---- what is below and above --------------------------------------------------------------------

--- Do labels stand side by side, within the column?
local function side_by_side(self, ticks)
  local taken = 2
  for _, tick in ipairs(ticks) do
    if not tick.lines[1] then goto continue end
    local middle = self.left + share(self.view.x, tick.at) * self.box
    local half = widest(tick.lines, TEXT) / 2
    if middle - half < taken or middle + half > self.width - 2 then return false end
    taken = middle + half + 6
    ::continue::
  end
  return true
end

local function all_numbers(ticks)
  for _, tick in ipairs(ticks) do
    local text = table.concat(tick.lines):gsub(",", ""):gsub("−", "-")
    if not tonumber(text) then return false end
  end
  return true
end

--- Labels of one line, a word a line.
local function stack(ticks)
  for _, tick in ipairs(ticks) do
    local words = {}
    for word in table.concat(tick.lines, " "):gmatch "%S+" do words[#words + 1] = word end
    tick.lines = words
  end
end

--- Labels of x beside each other; if there is no room for them, names upright, and of what is left,
--- or of numbers, those that have room.
local function set_x(self)
  local x = self.view.x
  local ticks = within(x, x.ticks or axes.computed(x[1], x[2], self.box, TEXT))
  local apart = self.box / (x[2] - x[1])
  self.xticks, self.upright = ticks, false
  if self.view.flat and not side_by_side(self, ticks) then stack(ticks) end
  if not side_by_side(self, ticks) then
    local flat = self.view.flat or not self.view.cells and all_numbers(ticks)
    self.upright = not flat
    local left_out = thin(ticks, function(a, b)
      local wanted = flat and (widest(a.lines, TEXT) + widest(b.lines, TEXT)) / 2 + 6 or TEXT + 1
      return (a.at - b.at) * apart >= wanted
    end)
    self.left_out = self.left_out or left_out and not flat
  end
  self.depth = 0
  for _, tick in ipairs(ticks) do
    if self.upright then
      tick.lines = { tick.lines[1] and measure.cut(table.concat(tick.lines, " "), UPRIGHT, TEXT) }
    end
    self.depth = math.max(self.depth, self.upright and widest(tick.lines, TEXT)
      or LINE * #tick.lines)
  end
end

--- The title with what is said behind it.
local function title_of(self)
  local notes = table.move(self.panel.notes or {}, 1, #(self.panel.notes or {}), 1, {})
  if self.kind.any_cut and self.kind.any_cut(self.panel) then
    notes[#notes + 1] = "no cap: the interval goes on"
  end
  if self.left_out then notes[#notes + 1] = "not every place is labelled" end
  return (self.panel.title or "") .. (#notes > 0 and (" (%s)"):format(table.concat(notes, "; ")) or "")
end

--- A name with a note in brackets behind it, in those that it has.
local function noted(name, note)
  if not note then return name end
  return name:find "%)$" and ("%s; %s)"):format(name:sub(1, -2), note) or ("%s (%s)"):format(name, note)
end

--- Sets the rest, with the left end of the box at `left`: `above` and `below` are what it takes there.
function frame.fit(self, left)
  self.left = left
  self.box = self.width - left - self.right
  if self.view.square then self.box = math.min(self.box, self.view.height) end
  set_x(self)
  self.xlabel = measure.wrap(noted(measure.clean(self.panel.xlabel or ""), self.view.xnote),
    self.width - 2 * EDGE, TEXT, 3)
  self.legend = legend.fit(legend.entries(self.panel, self.kind), self.width - 2 * EDGE)
  self.title_at = self.view.names and self.names_at or left
  self.label = measure.clean(self.panel.label or "")
  self.indent = self.label ~= "" and measure.width(self.label, LABEL) + 11 or 0
  self.title = measure.wrap(measure.clean(title_of(self)),
    self.width - self.title_at - self.indent - EDGE, TITLE, 3)
  self.above = ABOVE + LINE * math.max(0, #self.title - 1)
  self.below = OFF + self.depth + (#self.xlabel > 0 and LINE * #self.xlabel + 5 or 0)
    + (self.legend and self.legend.height + 12 or 0) + BELOW
end

-- ---- drawing ------------------------------------------------------------------------------------

--- Ticks without words, which stand beside them.
local function marks(emit, name, ticks)
  if #ticks == 0 then
    emit("unset %stics", name)
    return
  end
  local parts = {}
  for i, tick in ipairs(ticks) do parts[i] = "'' " .. axes.number(tick.at) end
  emit("set %stics (%s) nomirror out scale 0.6", name, table.concat(parts, ", "))
end

local function draw_x(self, emit, pen, bottom)
  local y = bottom + OFF
  for _, tick in ipairs(self.xticks) do
    local at = self.left + share(self.view.x, tick.at) * self.box
    for i, text in ipairs(tick.lines) do
      if self.upright then
        pen.words(text, at, y, TEXT, "right", "upright")
      else
        pen.words(text, at, y + (i - 0.5) * LINE, TEXT)
      end
    end
  end
  y = y + self.depth + 5
  for i, text in ipairs(self.xlabel) do
    local half = measure.width(text, TEXT) / 2
    local at = math.max(EDGE + half, math.min(self.left + self.box / 2, self.width - EDGE - half))
    pen.words(text, at, y + (i - 0.5) * LINE, TEXT)
  end
  y = y + LINE * #self.xlabel + (#self.xlabel > 0 and 12 or 7)
  if self.legend then
    local half = self.legend.width / 2
    legend.draw(self.legend, pen, math.max(EDGE + half, math.min(self.left + self.box / 2,
      self.width - EDGE - half)), y)
  end
  emit("set xrange [%s:%s]", axes.number(self.view.x[1]), axes.number(self.view.x[2]))
  marks(emit, "x", self.xticks)
end

--- Words that are read upwards, one line beside the other, from x on; their middle at y if they are
--- no longer than what is there.
local function upright(pen, lines, x, y, least, most)
  for i, text in ipairs(lines) do
    local half = measure.width(text, TEXT) / 2
    pen.words(text, x + (i - 0.5) * LINE, math.min(math.max(y, least + half), most - half), TEXT,
      "center", "upright")
  end
end

local function draw_y(self, emit, pen, top, height)
  for _, tick in ipairs(self.yticks) do
    for i, text in ipairs(tick.lines) do
      local y = top + (1 - share(self.view.y, tick.at)) * height + (i - (#tick.lines + 1) / 2) * 13
      pen.words(text, self.view.names and self.names_at or self.left - OFF, y, self.ysize,
        self.view.names and "left" or "right")
    end
  end
  for _, one in ipairs(self.said or {}) do
    pen.words(one[2], self.left + self.box + OFF, top + (1 - share(self.view.y, one[1])) * height, NAME,
      "left")
  end
  if self.view.head then
    pen.words(measure.cut(measure.clean(self.view.head), self.width - self.names_at - EDGE, NAME),
      self.names_at, top + NAME / 2, NAME, "left", "grey")
  end
  upright(pen, self.ylabel, EDGE - 2, top + height / 2, EDGE, top + height + self.below)
  emit("set yrange [%s:%s]", axes.number(self.view.y[1]), axes.number(self.view.y[2]))
  marks(emit, "y", self.view.names and {} or self.yticks)
end

local function draw_bar(self, emit, pen, top, height)
  if not self.bar then return end
  local bar, x = self.view.bar, self.left + self.box + BAR.off
  pen.colours(x, top, BAR.width, height)
  emit("set cbrange [%s:%s]", axes.number(bar[1]), axes.number(bar[2]))
  marks(emit, "cb", self.bar)
  for _, tick in ipairs(self.bar) do
    pen.words(tick.lines[1], x + BAR.width + OFF, top + (1 - share(bar, tick.at)) * height, TEXT,
      "left")
  end
  upright(pen, self.cblabel, self.left + self.box + self.cblabel_at, top + height / 2, EDGE,
    top + height + self.below)
end

--- Draws all but what is in the box. `top` is where the box begins, from the pen's upper end on.
function frame.draw(self, emit, pen, top, height)
  pen.box(self.left, top, self.left + self.box, top + height)
  local y = top - 17 - LINE * math.max(0, #self.title - 1)
  if self.label ~= "" then pen.words(self.label, self.title_at, y, LABEL, "left", "bold") end
  for i, text in ipairs(self.title) do
    pen.words(text, self.title_at + self.indent, y + (i - 1) * LINE, TITLE, "left")
  end
  draw_x(self, emit, pen, top + height)
  draw_y(self, emit, pen, top, height)
  draw_bar(self, emit, pen, top, height)
end

return frame

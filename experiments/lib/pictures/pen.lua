--- Draws words, lines and points at pixels of a figure, from its upper left corner: as gnuplot's labels
--- and arrows, so that both formats have them at the same places.
local pen = {}

local axes = require "pictures.axes"

local hows = { upright = " rotate by 90", grey = " textcolor rgb '#595959'",
  white = " textcolor rgb '#ffffff'" }

--- A pen for a figure of `width` x `height` pixels, or of a part of it that begins at `left`, `top`;
--- `unit` is the size of a pixel in the terminal's unit of font size.
function pen.new(emit, unit, width, height, left, top)
  local self = {}
  local function at(x, y)
    return ("screen %.5f, screen %.5f"):format((left + x) / width, 1 - (top + y) / height)
  end

  --- Words around or beside x, whose middle is at y: "left" begins at x, "right" ends there, else x
  --- is their middle. `how` may be "bold", "grey", or "upright": read from below, with x and y changing
  --- places.
  function self.words(text, x, y, size, side, how)
    emit("set label %s at %s %s font '%s%s,%g'%s front", axes.quote(text), at(x, y), side or "center",
      axes.FONT, how == "bold" and ":Bold" or "", size * unit, hows[how] or "")
  end

  --- A line of a style, see axes.line.
  function self.line(x0, y0, x1, y1, style)
    emit("set arrow from %s to %s nohead front %s", at(x0, y0), at(x1, y1), style)
  end

  --- An interval with its caps.
  function self.bar(x0, y0, x1, y1, colour)
    emit("set arrow from %s to %s heads size screen %.5f,90 front lc rgb '%s' lw 1", at(x0, y0),
      at(x1, y1), 3.5 / width, colour)
  end

  function self.point(x, y, kind, colour)
    emit("set label '' at %s point pt %d ps 0.7 lc rgb '%s' front", at(x, y), kind, colour)
  end

  --- A piece of a band, as pale as these are.
  function self.area(x, y, wide, high, colour)
    emit("set object rectangle from %s to %s behind fc rgb '%s' fs transparent solid 0.18 noborder",
      at(x, y), at(x + wide, y + high), colour)
  end

  --- The box that is drawn into, from left and top to right and bottom.
  function self.box(x0, y0, x1, y1)
    emit("set lmargin at screen %.5f; set rmargin at screen %.5f", (left + x0) / width,
      (left + x1) / width)
    emit("set tmargin at screen %.5f; set bmargin at screen %.5f", 1 - (top + y0) / height,
      1 - (top + y1) / height)
  end

  --- The bar of colours.
  function self.colours(x, y, wide, high)
    emit("set colorbox user origin %s size screen %.5f, screen %.5f", at(x, y + high), wide / width,
      high / height)
  end

  return self
end

return pen

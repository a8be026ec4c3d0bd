#!/bin/sh
# A page in a browser: no error, nothing fetched, nothing wider than the screen, no small letters; points
# and legends by the keyboard; paper and dark screens. What is looked at, and how, says page.js.
#
#   page.sh SYNLAB SOURCE
. "$(dirname "$0")/../lib.sh"
synlab=$1 source=$2
browser=$(command -v chromium) || skip 'no Chromium here; `make deps-ci` installs it'

cat >one.lua <<'EOF'
local lab = require "experiment"
local study = lab.study { name = "study", title = "A study", caption = "Of two options.",
  over = { "policy.history", "epsilon" }, picture = "heat",
  reference = { ["policy.history"] = 1, epsilon = 0.25 } }
return lab.chapter { id = "one", title = "Curves and maps",
  runs = lab.sweep { lab.set { task = "boundary", iterations = 20, points = 20 },
    lab.synaptic { policy = lab.qtable { history = { 1, 2 } }, epsilon = { 0.1, 0.25 } }, seeds = 2 },
  lab.figure { name = "curves", title = "Curves", caption = "Loss, and `accuracy`.",
    alt = "Two of the runs are <compared>.",
    panels = function(results)
      local function series(column)
        local list = {}
        for i, record in ipairs(results) do
          list[i] = { x = record.curve.iteration, y = record.curve[column], runs = { record },
            style = i == 1 and "first" or "faint", title = i == 1 and "the first, \"quoted\""
              or i == 2 and "others" or nil }
        end
        return list
      end
      return { { label = "A", title = "Loss", xlabel = "iteration", ylabel = "loss", series = series "loss" },
        { label = "B", title = "Accuracy", xlabel = "iteration", ylabel = "accuracy (%)", percent = true,
          yrange = { 0, 100 }, series = series "accuracy", lines = { { y = 0.95, title = "95 %" } } } }
    end },
  study.figure, study.table }
EOF
cat >two.lua <<'EOF'
local lab = require "experiment"
local study = lab.study { name = "forest", title = "Differences", caption = "To the reference.",
  over = { "policy.history" }, picture = "forest", reference = { ["policy.history"] = 1 } }
return lab.chapter { id = "two", title = "Claims and differences",
  runs = lab.sweep { lab.set { task = "boundary", iterations = 20, points = 20 },
    lab.synaptic { policy = lab.qtable { history = { 0, 1, 2 } }, epsilon = 0.25 }, seeds = 3 },
  study.figure,
  lab.table { name = "claims", title = "Claims", caption = "All of them.",
    columns = { "Claim", { "Published", align = "right" }, { "Ours", align = "right" },
      { "95 % interval", align = "right" }, { "Margin", align = "right" }, "Verdict" },
    rows = function() return { { "Section 4: “overall time complexity for training was higher for the proposed algorithm”",
      "12,345.67 %", "−0.004023 (−1,234.567891 % to +1,234.567891 %)", "−59.72 % to +28.76 %",
      "±0.000402", "inconclusive: 0.012497 would have shown" } } end } }
EOF
cat >book.lua <<'EOF'
return require("experiment").book { name = "book", title = "A book", intro = "Words.",
  chapters = { "one", "two" } }
EOF
"$synlab" run book.lua --out out >log 2>&1 || wrong "the page: $(cat log)"

# A window has a least width, so the page is looked at in frames of these widths.
{
  echo '<!DOCTYPE html><meta charset="utf-8"><body>'
  for width in 360 1280; do
    echo "<iframe src='out/book.html' style='width: ${width}px; height: 900px; border: 0'></iframe>"
  done
  echo '<pre id="findings"></pre><script>'
  cat "$source/tests/host/page.js"
  echo '</script>'
} >frames.html
"$browser" --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --user-data-dir="$work/profile" \
  --hide-scrollbars --allow-file-access-from-files --enable-logging=stderr --window-size=1400,1000 \
  --dump-dom "file://$work/frames.html" >dom 2>browser-log || wrong "the browser: $(tail -n 3 browser-log)"
grep CONSOLE browser-log >errors && wrong "the browser's console: $(head -n 3 errors)"
grep '^FAILED' dom | sed 's/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g'
failed=$((failed + $(grep -c '^FAILED' dom)))
passed=$((passed + $(sed -n 's/^\([0-9]*\) looked at.*/\1/p' dom)))
[ "$passed" -gt 100 ] || wrong "only $passed things were looked at"
finish

#!/bin/sh
# The chapters on images follow the set: any number of classes, and sets that are smaller than a batch.
#
#   classes.sh SYNLAB SOURCE_DIR
. "$(dirname "$0")/../lib.sh"
synlab=$1 source=$2
cd "$source" || exit 1

# 3 classes of 16 pictures, no two alike: PNGs whose bytes are stored, not compressed
mkdir -p "$work/few/A" "$work/few/B" "$work/few/C"
cat >"$work/pictures.lua" <<'E2'
local function crc(bytes)
  local c = 0xffffffff
  for i = 1, #bytes do
    c = c ~ bytes:byte(i)
    for _ = 1, 8 do c = c & 1 == 1 and c >> 1 ~ 0xedb88320 or c >> 1 end
  end
  return c ~ 0xffffffff
end
local function chunk(name, bytes)
  return (">s4"):pack(bytes):sub(1, 4) .. name .. bytes .. (">I4"):pack(crc(name .. bytes))
end
local function adler(bytes)
  local a, b = 1, 0
  for i = 1, #bytes do
    a = (a + bytes:byte(i)) % 65521
    b = (b + a) % 65521
  end
  return b << 16 | a
end
for k, class in ipairs { "A", "B", "C" } do
  for n = 1, 16 do
    local rows = {}
    for y = 0, 27 do
      local row = { 0 }
      for x = 1, 28 do row[x + 1] = (x * k * 9 + y * n * 5) % 256 end
      rows[#rows + 1] = string.char(table.unpack(row))
    end
    local raw = table.concat(rows)
    local stored = "\x78\x01\x01" .. ("<I2I2"):pack(#raw, #raw ~ 0xffff) .. raw .. (">I4"):pack(adler(raw))
    local file = io.open(("%s/%s/%d.png"):format(os.getenv "FEW", class, n), "wb")
    file:write("\x89PNG\r\n\x1a\n", chunk("IHDR", (">I4I4BBBBB"):pack(28, 28, 8, 0, 0, 0, 0)),
      chunk("IDAT", stored), chunk("IEND", ""))
    file:close()
  end
end
E2
FEW="$work/few" "$synlab" run "$work/pictures.lua" --out "$work/out" || wrong 'no pictures'
policy="--policy $source/reports/policy.csv"

# every chapter of the book: its runs can be read, at full length and in short
cat >"$work/specs.lua" <<'E2'
local synlab = require "synlab"
local chapters = {}
for i, name in ipairs(require("report").chapters) do chapters[i] = require(name) end
for _, entry in ipairs(require("pages.queue").foreseen(chapters)) do
  local name = entry.chapter.id
  for _, run in ipairs(synlab.specs(entry.chapter:flat(entry.specs), name)) do
    local net, data = run.spec.net, run.data
    if data and data:find "few" then assert(net[#net] == 3 and run.spec.batch_size == 0, name) end
  end
end
E2
"$synlab" run "$work/specs.lua" --data "$work/few" $policy --out "$work/out" 2>"$work/log" ||
  wrong "full: $(tail -n 3 "$work/log")"
"$synlab" run "$work/specs.lua" --quick --data "$work/few" $policy --out "$work/out" 2>"$work/log" ||
  wrong "quick: $(tail -n 3 "$work/log")"

# and a page of them says what it has run
"$synlab" run experiments/split.lua --quick --data "$work/few" $policy --out "$work/out" \
  2>"$work/log" || wrong "split: $(tail -n 3 "$work/log")"
grep -q 'few: 48 images in 3 classes' "$work/out/split.md" || wrong 'split: the set is not named'
grep -q 'Other images' "$work/out/split.md" || wrong 'split: no notice'
grep -q 'Stand-in data' "$work/out/split.md" && wrong 'split: images that were given stand in for none'
"$synlab" run experiments/figure3.lua --quick --data "$work/few" $policy --out "$work/out" \
  2>"$work/log" || wrong "figure3: $(tail -n 3 "$work/log")"
grep -q 'all training' "$work/out/figure3.md" || wrong 'figure3: the batch is not said'
finish

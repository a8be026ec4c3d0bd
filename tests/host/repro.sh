#!/bin/sh
# The quick report from end to end: without the paper's images and without a network; or with them
# (exit 77 unless SYNLAB_NOTMNIST says where they are).
#
#   repro.sh SYNLAB SOURCE_DIR alone|images
. "$(dirname "$0")/../lib.sh"
synlab=$1 source=$2 what=$3
# ---- the paper's images
if [ "$what" = images ]; then
  [ -n "${SYNLAB_NOTMNIST:-}" ] || skip 'SYNLAB_NOTMNIST names no notMNIST_small.tar.gz with the real images'
  "$synlab" run experiments/report.lua --quick --data "$SYNLAB_NOTMNIST" --out real 2>log ||
    wrong "$(tail -n 3 log)"
  grep -q 'Stand-in data' real/report.md && wrong 'the real images are called a stand-in'
  grep -q '| published |' real/report.md || wrong 'no published rows beside the real images'
  finish
fi

# ---- nothing can be fetched: one line that says what to do, and no half of an archive
export XDG_CACHE_HOME="$work/cache"
if unshare -rn true 2>/dev/null; then alone='unshare -rn'; else alone='env http_proxy=127.0.0.1:9'; fi
$alone "$source/data/fetch" >stdout 2>stderr && wrong 'data/fetch succeeds without a network'
grep -q 'DATA=' stderr || wrong "data/fetch does not say what to do: $(cat stderr)"
[ -e cache/synlab/notMNIST_small.tar.gz ] && wrong 'data/fetch leaves an archive'

# ---- the built-in letters stand in, and no published number on images is compared
"$synlab" run experiments/report.lua --quick --out alone 2>log || wrong "$(tail -n 3 log)"
head -n 12 alone/report.md | grep -q 'Stand-in data' || wrong 'the report does not begin with the notice'
grep -q '| published |' alone/report.md && wrong 'published rows stand beside stand-in data'
grep -q 'letters: 12,339 images' alone/report.md || wrong 'the report does not name the letters'

grep -q 'batch_interval = 500\|batch_interval never' alone/report.md &&
  wrong 'intervals between batches that no quick run lives to see have rows'

"$synlab" verify alone >log 2>&1 || wrong "$(cat log)"
# ---- its papers: every file with its digest, links that lead somewhere, the same again
for file in $(cd alone && find . -type f ! -path './runs/*' ! -path './times/*' | sed 's,^\./,,'); do
  digest=$(sha256sum "alone/$file" | cut -d' ' -f1)
  case $file in
  manifest.json) grep -q '"@id": "manifest.json"' alone/ro-crate-metadata.json ;;
  ro-crate-metadata.json) grep -q "\"$file\": \"$digest\"" alone/manifest.json ;;
  *) grep -q "\"sha256\": \"$digest\"" alone/ro-crate-metadata.json ;;
  esac || wrong "the papers do not know $file"
  case $file in
  manifest.json | ro-crate-metadata.json | codecheck.yml) ;;
  *) grep -q "^  - file: \"$file\"" alone/codecheck.yml || wrong "codecheck.yml does not list $file" ;;
  esac
done
links=$(grep -o 'report\.md#[^)]*' alone/REFORMS.md | sort -u)
[ "$(echo "$links" | wc -l)" -ge 10 ] || wrong "REFORMS.md has few links: $links"
for link in $links; do
  grep -q "id=\"${link#*#}\"" alone/report.html || wrong "REFORMS.md links to $link, which is not there"
done
for paper in REFORMS.md codecheck.yml ro-crate-metadata.json; do
  grep -q 'Stand-in data' "alone/$paper" || wrong "$paper does not say that the images stand in"
  grep -q 'Reduced runs' "alone/$paper" || wrong "$paper does not say that the runs are reduced"
  grep -q "$work" "alone/$paper" && wrong "$paper has a path of this machine"
  grep -q "href=\"$paper\"" alone/report.html || wrong "the report does not link to $paper"
  cp "alone/$paper" "$paper.before"
done
"$synlab" run experiments/report.lua --quick --out alone 2>log || wrong "$(tail -n 3 log)"
for paper in REFORMS.md codecheck.yml ro-crate-metadata.json; do
  cmp "$paper.before" "alone/$paper" || wrong "$paper is another when the report is written again"
done
"$synlab" verify alone >log 2>&1 || wrong "written again: $(cat log)"

FIGURES=$(echo alone/figures/*.svg) "$synlab" run "$source/tests/lua/look.lua" >log 2>&1 ||
  wrong "$(cat log)"
grep -q '<script[^>]* src=\|src="http\|<link' alone/report.html && wrong 'report.html is not self-contained'
grep -q '^## What it took' alone/report.md || wrong 'the report does not say what it took'
finish

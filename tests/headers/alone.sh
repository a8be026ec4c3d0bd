#!/bin/sh
# Every header must compile on its own, included first and twice.
#
#   alone.sh SOURCE_DIR
cd "$1" || exit 1
failed=0 count=0
for header in $(git ls-files --cached --others --exclude-standard 'engine/*.h' 'policies/*.h' 'experiments/*.h'); do
  [ -f "$header" ] || continue
  count=$((count + 1))
  printf '#include "%s"\n#include "%s"\nint only;\n' "$header" "$header" |
    ${CC:-cc} -std=gnu17 -fsyntax-only -Wall -Wextra -I. $(pkg-config --cflags lua5.4 jansson libmd) -x c - || {
    echo "FAILED: $header does not compile alone"
    failed=1
  }
done
[ $count -gt 20 ] || { echo "FAILED: only $count headers found"; failed=1; }
echo "$count passed, $failed failed"
exit $failed

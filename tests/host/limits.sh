#!/bin/sh
# A time limit ends what hangs, and is never what load decides: every test of ctest has one of at
# least an hour, where the longest takes four minutes, and no script has one below ten minutes.
#
#   limits.sh SOURCE_DIR BUILD_DIR
set -u
cd "$1" || exit 1
tests=$(ctest --test-dir "$2" -N | sed -n 's/^Total Tests: //p')
ctest --test-dir "$2" --show-only=json-v1 | awk -v tests="$tests" '
  /"name" : "TIMEOUT"/ { getline; sub(/.*: /, ""); limits++; low += $0 + 0 < 3600 }
  END { printf "%d tests, %d limits, %d of them low\n", tests, limits, low; exit low || limits != tests || !tests }
' || {
  echo 'FAILED: tests/CMakeLists.txt sets the limit of every test, after the last of them'
  exit 1
}
options='( +-k +[0-9]+s?| +-s +[A-Z]+| +-[-a-zA-Z0-9=]{2,})*'
! grep -rnE "(^|[^a-z_-])timeout$options +([0-9]{1,2}|[1-5][0-9]{2})s?( |\$)" tests --include='*.sh' || {
  echo 'FAILED: a limit below ten minutes'
  exit 1
}

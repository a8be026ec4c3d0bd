#!/bin/sh
# What tests leave out is found in what ctest writes, whichever way it is told, and is a failure
# unless the list allows it. And the list has no test that is not there.
#
#   skips.sh SOURCE_DIR
. "$(dirname "$0")/../lib.sh"
source=$1
mkdir "$work/.ci" "$work/tests" && cp "$source/.ci/skips" "$work/.ci" && cd "$work" || exit 1
cat >CMakeLists.txt <<'CMAKE'
cmake_minimum_required(VERSION 3.21)
project(skips NONE)
enable_testing()
add_test(NAME whole COMMAND echo "nothing is SKIPPED here")
add_test(NAME status COMMAND sh -c "echo 'SKIPPED: no <b> & \"c\"'; exit 77")
set_tests_properties(status PROPERTIES SKIP_RETURN_CODE 77)
add_test(NAME silent COMMAND sh -c "exit 77")
set_tests_properties(silent PROPERTIES SKIP_RETURN_CODE 77)
add_test(NAME part COMMAND sh -c "seq 20000; echo 'SKIPPED one half'; seq 20000")
add_test(NAME cmocka COMMAND echo "[  SKIPPED ] test_notmnist")
add_test(NAME first COMMAND echo "SKIPPED, and it is the first line")
add_test(NAME disabled COMMAND true)
set_tests_properties(disabled PROPERTIES DISABLED TRUE)
CMAKE
cmake -S . -B build >/dev/null && ctest --test-dir build --output-junit tests.xml \
  --test-output-size-passed 1000000 >/dev/null || wrong 'ctest'

# judged STATUS LIST KIND...: the status, with this list and these kinds
judged() {
  want=$1
  printf '%s\n' "$2" >tests/skips-allowed.txt
  shift 2
  sh .ci/skips build/tests.xml "$@" >said 2>&1
  got=$?
  if [ $got = "$want" ]; then pass; else wrong "$*: $got: $(cat said)"; fi
}
all='status silent part cmocka first disabled'
list=$(for test in $all; do echo "kind  $test  why"; done)
judged 0 "$list" kind
grep -q '^7 tests, 6 of them left something out, 0 without leave$' said || wrong "$(cat said)"
judged 1 "$list" other
grep -q '6 without leave$' said || wrong "$(cat said)"
judged 1 ''
for test in $all; do
  judged 1 "$(echo "$list" | grep -v " $test ")" other kind
  grep -q "^$test: .*not allowed" said || wrong "$test is not named: $(cat said)"
done
judged 1 "# $list" kind
echo '<testsuite></testsuite>' >build/tests.xml
judged 1 "$list" kind
rm build/tests.xml
sh .ci/skips build/tests.xml kind >said 2>&1 && wrong 'no results are good results'

sed '/^#/d' "$source/tests/skips-allowed.txt" | while read -r kind test reason; do
  case $kind in packages | images | machine) ;; *) echo "$kind: no kind" ;; esac
  [ -n "$reason" ] || echo "$test: no reason"
  short=${test#*.}
  grep -rqE "NAME $test( |\$)|syn_test\($short ${test%%.*}|foreach.*$short|syn_page\($short\)" "$source/tests" \
    --include=CMakeLists.txt --include='*.cmake' || echo "$test: no such test"
done >said
[ ! -s said ] || wrong "$(cat said)"
finish

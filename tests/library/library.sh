#!/bin/sh
# synlab as a library: installed, found by pkg-config, an example built with nothing but that, and
# every public header read as C++. CC and CFLAGS are those of the build.
#
#   library.sh BUILD_DIR SOURCE_DIR
. "$(dirname "$0")/../lib.sh"
build=$1 source=$2
cmake --install "$build" --prefix "$work/usr" >"$work/log" || wrong "$(cat "$work/log")"
pc=$(find "$work/usr" -name synlab.pc)
PKG_CONFIG_PATH=$(dirname "$pc")
export PKG_CONFIG_PATH
cp "$source/tests/library/example.c" .

# shellcheck disable=SC2046,SC2086 # lists of words
${CC:-cc} -std=c17 -Wall -Wextra -Werror ${CFLAGS:-} example.c $(pkg-config --cflags --libs synlab) -o example ||
  wrong 'the example is not built'
said=$(./example "$work/usr/share/synlab/data/letters.tar.xz") || wrong 'the example fails'
case $said in
'7850 synapses, 2000 iterations: '[567][0-9].[0-9]' % of the validation images are right') echo "$said" ;;
*) wrong "the example says: $said" ;;
esac
./example /nowhere 2>said && wrong 'without images the example succeeds'
grep -q '^example: /nowhere' said || wrong "without images: $(cat said)"

cxx=$(command -v c++ || command -v clang++) || {
  echo 'SKIPPED: no C++ compiler is installed (Debian: clang); the headers were not read as C++'
  finish
}
count=0
for header in $(cd "$work/usr/include/synlab" && find . -name '*.h'); do
  count=$((count + 1))
  # shellcheck disable=SC2046 # a list of words
  printf '#include "%s"\n' "$header" >header.cc
  "$cxx" -std=c++17 -fsyntax-only -Wall -Wextra $(pkg-config --cflags synlab) header.cc || wrong "$header is no C++"
done
[ $count -gt 20 ] || wrong "only $count headers are installed"
echo "$count headers are C++ as well"
finish

#!/bin/sh
# Builds the engine's core with gcc and clang, at -O0 and -O2, and for aarch64 (run by qemu), and
# runs its golden programs in each: every one must give the fingerprints that are pinned.
#
#   builds.sh SOURCE_DIR WORK_DIR
#
# A compiler or emulator that is not there is named.
set -eu
source=$1
work=$2
failed=0
programs='kernels gradients trajectories descents'
mkdir -p "$work"

missing() {
  echo "SKIPPED: $1 is not installed"
}

# build NAME CC FLAGS [cmake option...]
build() {
  name=$1 cc=$2 flags=$3
  shift 3
  cmake -S "$source" -B "$work/$name" -DCMAKE_BUILD_TYPE=None -DSYNLAB_CORE_ONLY=ON \
    -DCMAKE_C_COMPILER="$cc" -DCMAKE_C_FLAGS="$flags" "$@" >"$work/$name.log" 2>&1 &&
    cmake --build "$work/$name" --parallel 2 --target $programs >>"$work/$name.log" 2>&1 || {
    echo "FAILED to build: $name"
    tail -n 20 "$work/$name.log"
    failed=1
    return 0
  }
  echo "$name:"
  shift $#
  for program in $programs; do
    ${run:-} "$work/$name/tests/$program" || failed=1
  done
}

run=
for cc in gcc clang; do
  if command -v $cc >/dev/null; then
    build $cc-O0 $cc -O0
    build $cc-O2 $cc -O2
  else
    missing $cc
  fi
done

if command -v aarch64-linux-gnu-gcc >/dev/null && command -v qemu-aarch64 >/dev/null; then
  run='qemu-aarch64 -L /usr/aarch64-linux-gnu'
  build aarch64-O2 aarch64-linux-gnu-gcc -O2 \
    -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR=aarch64
else
  missing 'aarch64-linux-gnu-gcc or qemu-aarch64'
fi
exit $failed

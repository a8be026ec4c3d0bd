#!/bin/sh
# Builds a fuzz target with clang, libFuzzer and the sanitizers, and runs a fixed number of inputs
# from a fixed seed, beginning with tests/fuzz/seeds. More by hand: run.sh SOURCE WORK TARGET 1000000
#
#   run.sh SOURCE_DIR WORK_DIR TARGET RUNS        exit 77: clang or its runtime is not installed
set -eu
source=$1 work=$2 target=$3 runs=$4
mkdir -p "$work"
printf 'int LLVMFuzzerTestOneInput(const unsigned char *d, unsigned long n);\nint LLVMFuzzerTestOneInput(const unsigned char *d, unsigned long n) { return d && n > 1e9; }\n' >"$work/probe.$target.c"
if ! clang -fsanitize=fuzzer,address "$work/probe.$target.c" -o "$work/probe.$target" 2>/dev/null; then
  echo "SKIPPED: clang with libFuzzer (libclang-rt-dev) is not installed"
  exit 77
fi
cd "$source"
clang -std=gnu17 -O1 -g -I. -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
  $(pkg-config --cflags libarchive libpng zlib libmd libutf8proc) "tests/fuzz/$target.c" \
  engine/base/status.c engine/base/arena.c engine/base/grow.c engine/base/random.c \
  engine/base/digest.c \
  engine/data/*.c policies/tables/qvalues.c \
  $(pkg-config --libs libarchive libpng zlib libmd libutf8proc) -lm -o "$work/$target"
rm -rf "$work/$target.corpus"
mkdir "$work/$target.corpus"
cp tests/fuzz/seeds/"$target"* "$work/$target.corpus/"
rm -rf "$work/$target.tmp"
mkdir "$work/$target.tmp"
export TMPDIR="$work/$target.tmp"
"$work/$target" -runs="$runs" -seed=1 -max_len=20000 -timeout=1200 -rss_limit_mb=2048 \
  -artifact_prefix="$work/" "$work/$target.corpus" >"$work/$target.log" 2>&1 || {
  tail -n 40 "$work/$target.log"
  exit 1
}
echo "$runs passed, 0 failed"

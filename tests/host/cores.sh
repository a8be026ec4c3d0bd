#!/bin/sh
# Cores are given out once: while two runs are under way on two jobs, each has one thread, the last
# one too, which begins while another is still running. Exit 77 where /proc does not list children.
#
#   cores.sh SYNLAB
set -u
synlab=$1
[ -r "/proc/$$/task/$$/children" ] || {
  echo 'SKIPPED: /proc does not list children'
  exit 77
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
cat >three.lua <<'LUA'
local specs = {}
for seed, iterations in ipairs { 24000, 8000, 8000 } do
  specs[seed] = { task = "boundary", method = "synaptic", iterations = iterations, seed = seed,
    policy = { name = "explore", epsilon = 0.25, inner = { name = "qtable" } } }
end
require "synlab".run(specs, { title = "three" })
LUA

children() { cat "/proc/$1/task/$1/children" 2>/dev/null; }

( "$synlab" run three.lua --out store --jobs 2 2>stderr; echo $? >status ) &
shell=$! pid='' looks=0
while [ ! -s status ]; do
  [ -n "$pid" ] || pid=$(children "$shell" | tr -d ' ')
  before=$(children "$pid")
  threads=0 workers=0
  for worker in $before; do
    workers=$((workers + 1))
    for task in "/proc/$worker/task"/*; do
      [ -d "$task" ] && threads=$((threads + 1))
    done
  done
  if [ "$workers" -eq 2 ] && [ "$(children "$pid")" = "$before" ]; then
    looks=$((looks + 1))
    if [ "$threads" -gt 2 ]; then
      echo "FAILED: two runs on two jobs have $threads threads"
      wait
      exit 1
    fi
  fi
  sleep 0.02
done
[ "$(cat status)" -eq 0 ] || { cat stderr; exit 1; }
[ "$looks" -gt 0 ] || { echo "FAILED: two runs were never seen side by side"; exit 1; }
echo "two runs, one thread each, at $looks looks"

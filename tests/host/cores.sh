#!/bin/sh
# Cores are given out once: while two runs are under way on two jobs, each has one thread, the last
# one too, which begins while another is still running. Exit 77 where /proc does not list children.
#
#   cores.sh SYNLAB
. "$(dirname "$0")/../lib.sh"
synlab=$1
[ -r "/proc/$$/task/$$/children" ] || skip '/proc does not list children'
cat >three.lua <<'LUA'
local specs = {}
for seed, iterations in ipairs { 24000, 8000, 8000 } do
  specs[seed] = { task = "boundary", method = "synaptic", iterations = iterations, seed = seed,
    policy = { name = "explore", epsilon = 0.25, inner = { name = "qtable" } } }
end
require "synlab".run(specs, { title = "three" })
LUA

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
      wrong "two runs on two jobs have $threads threads"
      wait
      finish
    fi
  fi
  sleep 0.02
done
[ "$(cat status)" -eq 0 ] || wrong "exit status $(cat status)"
[ "$looks" -gt 0 ] || wrong 'two runs were never seen side by side'
echo "two runs, one thread each, at $looks looks"
finish

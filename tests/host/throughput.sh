#!/bin/sh
# How much faster two jobs are than one: eight equal runs, both ways in turn, the best of three each.
# A measurement, to be run by hand on a machine that has nothing else to do.
#
#   throughput.sh SYNLAB
set -u
synlab=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
cat >sweep.lua <<'LUA'
local specs = {}
for seed = 1, 8 do
  specs[seed] = { task = "boundary", method = "synaptic", iterations = 10000, seed = seed,
    policy = { name = "explore", epsilon = 0.25, inner = { name = "qtable" } } }
end
require "synlab".run(specs, { title = "sweep" })
LUA
took() { # took JOBS: seconds
  rm -rf store
  begin=$(date +%s.%N)
  "$synlab" run sweep.lua --out store --jobs "$1" 2>/dev/null || exit 1
  echo "$begin $(date +%s.%N)" | awk '{ print $2 - $1 }'
}
for try in 1 2 3; do
  one=$(took 1) two=$(took 2)
  echo "$one $two"
done | awk '
  { printf "jobs 1: %.2f s, jobs 2: %.2f s\n", $1, $2 }
  NR == 1 || $1 < one { one = $1 }
  NR == 1 || $2 < two { two = $2 }
  END { printf "throughput of two jobs: %.2f times that of one (best of three)\n", one / two }'

#!/bin/sh
# The verdicts of a report, computed again by SciPy: those of the report that stands in the checkout, which
# all agree; and of copies of it in which one number was changed, which do not.
#
#   verdicts.sh SOURCE_DIR
. "$(dirname "$0")/../lib.sh"
source=$1 report=$1/reports
python=$(command -v /usr/bin/python3 || command -v python3) && "$python" -c 'import scipy' 2>/dev/null ||
  skip 'python3-scipy is not installed'
recompute() { "$python" "$source/tests/verdicts/recompute.py" "$1" >"$work/said" 2>&1; }

recompute "$report" || wrong "the report of the checkout: $(head -n 5 "$work/said")"
grep -q '^[0-9]* values of [1-9][0-9]* claims with a test: all agree$' "$work/said" || wrong "$(cat "$work/said")"

mkdir -p "$work/copy/data"
# changed FILE SED CLAIM: with that change the claim, or its family, is told
changed() {
  cp "$report/claims.csv" "$work/copy"
  cp "$report/data/samples.csv" "$report/data/runs.csv" "$work/copy/data"
  sed "$2" "$work/copy/$1" >"$work/new" && cmp -s "$work/new" "$work/copy/$1" && wrong "$1: $2 changes nothing"
  cp "$work/new" "$work/copy/$1"
  recompute "$work/copy"
  status=$?
  [ $status = 1 ] && grep -q "^$3: " "$work/said" || wrong "$1, $2: exit $status, $(head -n 3 "$work/said")"
}
changed claims.csv '/^figure2.convergence,/s/,replicated,/,undecided,/' figure2.convergence
changed claims.csv '/^fair.32,/s/,0\.02,/,0.0103,/' fair.32
changed claims.csv '/^figure2.accuracy,/s/,0\.977,/,0.9999,/' figure2.accuracy
changed claims.csv '/^authors.synaptic0,/s/,20,20,0\.00/,20,20,0.01/' authors.synaptic0
changed data/samples.csv '/^table1.synaptic0.mean,/s/,0\.88/,0.98/' table1.synaptic0.mean
changed data/samples.csv '/^figure2.smoothly,/s/,,,\([0-9.]*\),\([0-9.]*\),/,,,\2,\1,/' figure2.smoothly
key=$(sed -n '/^letters.trains0,/{s/.*,\([0-9a-f]\{64\}\),.*/\1/p;q}' "$report/data/samples.csv")
changed data/runs.csv "/$key/s/,0\.88[0-9]*/,0.5/g" letters.trains0

recompute "$work/nowhere" && wrong 'no report: it passes'
[ "$("$python" "$source/tests/verdicts/recompute.py" >/dev/null 2>&1; echo $?)" = 2 ] || wrong 'no argument: not 2'
finish

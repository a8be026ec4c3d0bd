#!/bin/sh
# Verdicts, computed again by SciPy: those of the report that stands in the checkout, and on answers that are
# made up, all agree; those of copies in which one thing was changed do not.
#
#   verdicts.sh SYNLAB SOURCE_DIR
. "$(dirname "$0")/../lib.sh"
synlab=$1 source=$2
python=$(command -v /usr/bin/python3 || command -v python3) && "$python" -c 'import scipy' 2>/dev/null ||
  skip 'python3-scipy is not installed'
recompute() { "$python" "$source/tests/verdicts/recompute.py" "$1" >said 2>&1; }

agree() { # agree REPORT WHAT
  recompute "$1" || wrong "$2: $(head -n 5 said)"
  grep -q '^[1-9][0-9]* values of [1-9][0-9]* judged claims: all agree$' said || wrong "$2: $(cat said)"
}
agree "$source/reports" 'the report of the checkout'
for luck in good bad edge mixed; do
  mkdir -p "$luck/data"
  FOLDER=$PWD/$luck LUCK=$luck "$synlab" run "$source/tests/verdicts/made_up.lua" >made 2>&1
  agree "$luck" "$luck luck: $(cat made)"
done
for word in replicated 'not replicated above' 'not replicated below' 'not replicated the other way round' \
  compatible outside undecided 'undecided at first' described 'not run'; do # what is made up has every word
  grep -q ",$word," */claims.csv || wrong "no verdict '$word' was made up"
done

# changed REPORT FILE SED CLAIM: with that change the claim is told
changed() {
  rm -rf copy && mkdir copy && cp -r "$1/claims.csv" copy && mkdir copy/data &&
    cp "$1/data/samples.csv" "$1/data/runs.csv" copy/data
  sed "$3" "copy/$2" >new
  cmp -s new "copy/$2" && wrong "$2: '$3' changes nothing"
  mv new "copy/$2"
  recompute copy
  status=$?
  [ $status = 1 ] && grep -q "^$4: " said || wrong "$2, '$3': exit $status, $(head -n 3 said)"
}
report=$source/reports
changed "$report" claims.csv '/^figure2.convergence,/s/,replicated,/,undecided,/' figure2.convergence
changed "$report" claims.csv '/^fair.32,/s/,0\.02,/,0.0103,/' fair.32
changed "$report" claims.csv '/^figure2.accuracy,/s/,0\.977,/,0.9999,/' figure2.accuracy
changed "$report" claims.csv '/^table1.descent0.params,/s/,replicated,/,not replicated above,/' table1.descent0.params
changed "$report" claims.csv '/^size,/s/,replicated,/,not replicated,/' size
changed bad claims.csv '/^table1.synaptic0.mean,/s/replicated below/replicated above/' table1.synaptic0.mean
changed good claims.csv '/^gap.0,/s/\(,[0-9.]*\),[0-9.]*,,,10,/\1,0.05,,,10,/' gap.0
changed good claims.csv '/^policy.letters.again,/s/,0.01,/,,/;/^policy.letters.again,/s/,replicated,/,undecided,/' policy.letters.again
changed good claims.csv 's/^\(par.0,.*\),[0-9.e+-]*,[0-9.e+-]*,[0-9.e+-]*,[0-9.e+-]*,replicated,/\1,,,,,undecided,/' par.0
changed "$report" data/samples.csv '/^table1.synaptic0.mean,/s/,0\.88/,0.98/' table1.synaptic0.mean
changed "$report" data/samples.csv '/^figure2.smoothly,/s/,,,,\([0-9.]*\),\([0-9.]*\),/,,,,\2,\1,/' figure2.smoothly
changed bad data/samples.csv '/^letters.trains32,.*,0\.1,/d' letters.trains32
changed good data/samples.csv '/^transfer.tasks,plain,/s/,17,/,18,/' transfer.tasks
key=$(sed -n '/^letters.trains0,/{s/.*,\([0-9a-f]\{64\}\),.*/\1/p;q}' "$report/data/samples.csv")
changed "$report" data/runs.csv "/$key/s/,0\.88[0-9]*/,0.5/g" letters.trains0

recompute nowhere
expect 'no report: exit status 2' [ $? = 2 ]
sed 's/,sign test,/,/; s/,pairs,/,knots,/' good/claims.csv >bad/claims.csv
recompute bad
expect 'a test that is not known: exit status 2' [ $? = 2 ]
"$python" "$source/tests/verdicts/recompute.py" >said 2>&1
expect 'no argument: exit status 2' [ $? = 2 ]
finish

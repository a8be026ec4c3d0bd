#!/bin/sh
# Limits and faults around the program: little memory, no processes, no descriptors, files that may not
# grow, a full or closed stdout, a pipe that nobody reads. It ends, with a line and status 1, and keeps
# what is finished.
#
#   faults.sh SYNLAB SOURCE_DIR
. "$(dirname "$0")/../lib.sh"
synlab=$1 source=$2
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
sanitized=$(grep -c __asan_init "$synlab")

# ends NAME STATUS... -- COMMAND...: with one of these, soon, and a line on stderr if it is no 0
ends() {
  name=$1 wanted=
  shift
  while [ "$1" != -- ]; do wanted="$wanted $1 "; shift; done
  shift
  timeout -k 5 3000 "$@" 2>stderr
  got=$?
  case $wanted in *" $got "*) ;; *) wrong "$name: exit status $got, not$wanted"; return ;; esac
  [ $got = 0 ] || [ -s stderr ] || { wrong "$name: not a word"; return; }
  pass
}

cat >sweep.lua <<'LUA'
local specs = {}
for seed = 1, 3 do
  specs[seed] = { task = "boundary", method = "synaptic", iterations = 200, points = 50, seed = seed,
    policy = { name = "qtable" } }
end
specs[4] = { task = "boundary", method = "descent", iterations = 1, points = 50, net = { 2, 3000, 3000, 1 } }
local records = require "synlab".run(specs, { title = "sweep" })
for _, record in ipairs(records) do print(record.status) end
LUA
cat >chapter.lua <<'LUA'
local lab = require "experiment"
return lab.chapter { id = "limits", title = "Limits",
  runs = lab.sweep { task = "boundary", iterations = 20, points = 50, seeds = 2,
    lab.synaptic { policy = lab.qtable {}, epsilon = 0.25 } },
  function(results) return ("%d runs"):format(#results) end }
LUA

# ---- memory, descriptors, sizes of files. (Below some limit the program itself cannot be loaded: 127.)
if [ "$sanitized" = 0 ]; then
  for limit in 60000 80000 90000 100000 110000 130000 150000 200000 300000 500000 1000000; do
    ends "ulimit -v $limit" 0 1 2 127 -- sh -c "ulimit -v $limit; exec '$synlab' run sweep.lua --out v$limit >/dev/null"
  done
  (ulimit -v 100000; "$synlab" run sweep.lua --out memory >/dev/null 2>stderr)
  grep -q 'not enough memory for gradient descent' stderr || wrong 'memory: no word of it'
  [ "$(n_records memory)" = 3 ] || wrong 'memory: the other runs are not kept'
  for limit in 4 5 6 7 8 10 16; do
    ends "ulimit -n $limit" 0 1 2 127 -- sh -c "ulimit -n $limit; exec '$synlab' run chapter.lua --out n$limit"
  done
  for limit in 1 8 64; do
    ends "ulimit -f $limit" 0 1 -- sh -c "ulimit -f $limit; '$synlab' run chapter.lua --out f$limit"
    [ "$(find f$limit -name '*.tmp' | wc -l)" = 0 ] || wrong "ulimit -f $limit: leftovers"
  done
  # Processes: root has no limit, so as somebody else.
  if [ "$(id -u)" = 0 ] && setpriv --reuid=54321 --clear-groups true 2>/dev/null; then
    chmod 777 . && mkdir -m 777 u
    mkdir -p app/bin app/share/synlab # that anybody may read
    cp "$synlab" app/bin && cp -r "$source/experiments" "$source/paper" "$source/policies" app/share/synlab
    chmod -R a+rX app sweep.lua
    for limit in 1 2 3 4; do
      ends "ulimit -u $limit" 0 1 -- setpriv --reuid=54321 --clear-groups prlimit --nproc=$limit \
        app/bin/synlab run sweep.lua --jobs 8 --out u/$limit
    done
    grep -q . stderr || wrong 'ulimit -u: no word'
  fi
fi

# ---- a store or an output that cannot be written
if [ "$(id -u)" != 0 ]; then
  mkdir closed && chmod 500 closed
  ends 'a folder that is closed' 2 -- "$synlab" run chapter.lua --out closed
fi
mkdir -p half/limits.html
echo "no folder" >file
for out in file file/below/it; do
  ends "pages into $out" 2 -- "$synlab" run chapter.lua --out $out --store untouched
  grep -q "^synlab: .*--out $out: pages cannot be written there: file: Not a directory" stderr ||
    wrong "pages into $out: not said"
done
[ ! -e untouched ] || wrong 'pages that cannot be written: runs were computed for them'
ends 'an output that cannot be written' 1 -- "$synlab" run chapter.lua --out half
[ -s half/limits.md ] || wrong 'an output that cannot be written: the others are not'
[ "$(n_records half)" = 2 ] || wrong 'an output that cannot be written: runs are lost'

# ---- stdout: full, closed, a pipe that nobody reads
"$synlab" run chapter.lua --out out 2>stderr || wrong 'a good run'
"$synlab" plan chapter.lua --out planned >/dev/null 2>&1
plan=$(ls planned/plan/*.jsonl)
printf 'print(("x"):rep(100000))\n' >prints.lua
mkdir -p set/A set/B
cat >rule.lua <<'LUA'
return rule { name = "still", doc = "rests", history = 1, act = function(s) return 0 end }
LUA
prints() { # prints NAME COMMAND...: what it prints cannot be written, and it says so
  name=$1
  shift
  "$@" >/dev/full 2>stderr
  [ $? = 1 ] && grep -q '^synlab: stdout: cannot be written: No space left' stderr || wrong "$name >/dev/full"
  "$@" 2>stderr >&-
  [ $? = 1 ] && grep -q '^synlab: stdout: cannot be written' stderr || wrong "$name >&-"
  # a reader that has gone is no fault: it ends as every filter does, by SIGPIPE, without a word
  mkfifo pipe
  { while [ -e pipe ]; do sleep 0.01; done; "$@" 2>stderr; echo $? >status; } >pipe &
  : <pipe
  rm pipe
  wait $!
  [ "$(cat status)" = 141 ] && ! grep -q '^synlab: ' stderr || wrong "$name | true: $(cat status), $(cat stderr)"
  pass
}
prints '--help' "$synlab" --help
prints '--version' "$synlab" --version
for command in run plan work merge options policy data bench rule verify; do
  prints "$command --help" "$synlab" $command --help
done
prints 'options' "$synlab" options
prints 'policy list' "$synlab" policy list
prints 'data list' "$synlab" data list
prints 'rule list' "$synlab" rule list
prints 'rule check' "$synlab" rule check rule.lua
prints 'rule show' "$synlab" rule show rule.lua --out shown
prints 'verify' "$synlab" verify out --run 1
prints 'merge' "$synlab" merge out --out merged
prints 'plan' "$synlab" plan chapter.lua --out planned
prints 'plan --slurm' "$synlab" plan --slurm chapter.lua --out planned
prints 'run, a script that prints' "$synlab" run prints.lua --out printed
ends 'nothing to print: a closed stdout is no fault' 0 -- sh -c "'$synlab' work '$plan' 1 >&-"
"$synlab" run chapter.lua --out streams <&- >&- 2>&-
[ $? = 0 ] || wrong 'all streams closed: status'
"$synlab" verify streams >/dev/null 2>stderr || wrong 'all streams closed: a file took their place'

finish

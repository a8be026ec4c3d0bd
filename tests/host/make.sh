#!/bin/sh
# What `make` hands to the program: paths with any character in them, numbers that are numbers, and a
# folder of its own for the quick report. A stand-in for the program writes down what it is given.
#
#   make.sh SOURCE_DIR
. "$(dirname "$0")/../lib.sh"
source=$1
unset DATA POLICY SEEDS JOBS OUT BUILD MAKEFLAGS MAKELEVEL MAKEOVERRIDES MFLAGS
mkdir "it's a \"build\" \$(touch pwned)"
cat >"it's a \"build\" \$(touch pwned)/synlab" <<'SH'
#!/bin/sh
printf '<%s>\n' "$@"
SH
chmod +x ./*/synlab

# given NAME EXPECTED ARGUMENT...: what the program is given by `make ARGUMENT...`
given() {
  name=$1 expected=$2
  shift 2
  make -s -C "$source" -o build -o data BUILD="$work/it's a \"build\" \$(touch pwned)" "$@" >stdout 2>stderr
  status=$?
  if [ $status = 0 ] && answer | grep -qxF -- "$expected"; then pass; else
    wrong "$name: exit status $status, no $expected"
  fi
}
given 'the full report' '<--out=reports>' repro
given 'the quick report' '<--out=reports-quick>' repro-quick
given 'the quick report is quick' '<--quick>' repro-quick
given 'the claims of the paper' '<experiments/paper.lua>' repro
given 'all of the report' '<experiments/report.lua>' repro-full
given 'all of the report, in its place' '<--out=reports>' repro-full
given 'the search' '<experiments/search.lua>' search
given 'the search has a folder of its own' '<--out=reports-search>' search
given 'a folder of one'\''s own' '<--out=mine>' repro-quick OUT=mine
given 'jobs by default' "<--jobs=$(nproc)>" repro
given 'jobs' '<--jobs=7>' repro JOBS=7
given 'jobs, empty' "<--jobs=$(nproc)>" repro JOBS=
given 'seeds' '<--seeds=3>' repro SEEDS=3
for path in "it's here" 'two  spaces ' '"quoted"' '$HOME' '$(touch pwned)' '`touch pwned`' 'a#b' 'a;b&c|d' \
  'back\slash\' '*?[a]' '--dashes' 'ünïcode' '$$' "'" '%a,b)' 'two
lines'; do
  line=$(printf %s "$path" | head -n 1)
  end='>'
  [ "$line" = "$path" ] || end=
  given "DATA=$path" "<--data=$line$end" repro DATA="$path"
  given "POLICY=$path" "<--policy=$line$end" repro POLICY="$path"
  given "OUT=$path" "<--out=$line$end" repro-quick OUT="$path"
  DATA=$path given "DATA=$path in the environment" "<--data=$line$end" repro
done
find "$work" "$source" -maxdepth 1 -name pwned | grep . && wrong 'a path is run as a command'

# refused NAME=VALUE: one line that names it, exit status 2, and nothing was begun
refused() {
  make --no-print-directory -C "$source" -o build -o data BUILD="$work/nowhere" repro "$1" >stdout 2>stderr
  status=$?
  if [ $status = 2 ] && [ ! -s stdout ] && [ "$(wc -l <stderr)" = 1 ] &&
    grep -qF "$1: must be a whole number from 1 to" stderr; then pass; else
    wrong "$1: exit status $status"
  fi
}
for number in 0 abc -1 1.5 '2 3' 99999999999999999999 1e3 '$(touch pwned)' "'" '1;ls'; do
  refused "JOBS=$number"
  refused "SEEDS=$number"
done
refused JOBS=1025

make -s -C "$source" help >said 2>&1 || wrong 'make help'
grep -q 'reports-quick' said || wrong 'help does not say where the quick report goes'
(cd "$source" && git check-ignore -q reports-quick/report.md) || wrong 'the quick report is not ignored by git'
finish

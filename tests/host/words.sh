#!/bin/sh
# Arguments of every command, as people type them: --name VALUE and --name=VALUE, empty, twice, out of
# range, misspelt, behind "--"; folders with a slash at the end, blanks, apostrophes, links; and what
# is printed to be typed again works when it is.
#
#   words.sh SYNLAB
. "$(dirname "$0")/../lib.sh"
synlab=$1

cat >chapter.lua <<'LUA'
local lab = require "experiment"
return lab.chapter { id = "words", title = "Words",
  runs = lab.sweep { task = "boundary", iterations = 20, points = 50, seeds = 2,
    lab.synaptic { policy = lab.qtable {}, epsilon = 0.25 } },
  function(results) return ("%d runs"):format(#results) end }
LUA
cp chapter.lua -- '--odd.lua' 
cat >rule.lua <<'LUA'
return rule { name = "keeps", doc = "keeps its action", history = 1, params = { keep = { default = 1, min = 0,
  max = 1, doc = "chance" } }, act = function(s, p) return 0 end }
LUA

# ---- both forms, for every command that has options
check 'run' 0 '2 runs' "$synlab" run chapter.lua --out=a --jobs=1 --seeds=1 --checkpoint=0
check 'run, words' 0 '2 runs' "$synlab" run --out b --jobs 2 --seeds 1 --checkpoint 1e3 chapter.lua
check 'plan' 0 ' work ' "$synlab" plan chapter.lua --out=c --jobs=1
plan=$(ls c/plan/*.jsonl)
check 'work' 0 'run ' "$synlab" work --out=c --jobs=1 "$plan" 1
check 'work, words' 0 '' "$synlab" work "$plan" 1 --out d --jobs 2
check 'merge' 0 '1 copied' "$synlab" merge c --out=e
check 'merge, slashes' 0 '1 there already' "$synlab" merge c/ d// --out e/
check 'verify' 0 'as written' "$synlab" verify a --jobs=1 --run=1
check 'verify, all' 0 'as written' "$synlab" verify a/ --jobs 1 --all
check 'rule try' 0 'try.svg' "$synlab" rule try rule.lua --seeds=1 --out=f
check 'rule try, words' 0 'try.svg' "$synlab" rule try --out f/ --seeds 1 rule.lua

# ---- a quick page has a folder of its own, as `make repro-quick` has
check 'quick' 0 '2 runs' "$synlab" run chapter.lua --quick
check 'the quick page' 0 '' test -f reports-quick/words.md
check 'no other page' 1 '' test -e reports

# ---- what is wrong, in one line, for every command that takes a number, a word, or anything
for jobs in 0 abc -1 1e9 1.5 '' ' 3' +3 99999999999999999999 0x10; do
  check "run --jobs='$jobs'" 2 '^synlab: .*--jobs' "$synlab" run chapter.lua --out no "--jobs=$jobs"
  check "run --jobs '$jobs'" 2 '^synlab: .*--jobs' "$synlab" run chapter.lua --out no --jobs "$jobs"
  check "verify --jobs='$jobs'" 2 '^synlab: .*--jobs' "$synlab" verify a "--jobs=$jobs"
  check "work --jobs='$jobs'" 2 '^synlab: .*--jobs' "$synlab" work "$plan" 1 "--jobs=$jobs"
  check "rule try --seeds='$jobs'" 2 '^synlab: .*--seeds' "$synlab" rule try rule.lua "--seeds=$jobs"
done
for seconds in -1 x inf nan '' 1e7; do
  check "--checkpoint=$seconds" 2 '^synlab: .*--checkpoint' \
    "$synlab" run chapter.lua --out no "--checkpoint=$seconds"
done
for command in 'run chapter.lua' 'plan chapter.lua' "work $plan" 'merge c' 'rule try rule.lua' \
  'rule show rule.lua'; do
  check "$command: no value" 2 '--out wants a value' "$synlab" $command --out
  check "$command: an empty value" 2 '--out wants a value' "$synlab" $command --out ''
  check "$command: an empty value, joined" 2 '--out wants a value' "$synlab" $command --out=
  check "$command: an option for a value" 2 '--out wants a value' "$synlab" $command --out --help-me
  check "$command: twice" 2 '--out is given twice' "$synlab" $command --out no --out=no
  check "$command: misspelt" 2 "did you mean '--out'" "$synlab" $command --uot=no
  check "$command: of one letter" 2 'no option is named .-j4' "$synlab" $command -j4
done
check 'a flag with a value' 2 '--quick takes no value' "$synlab" run chapter.lua --quick=1
check 'an option of another command' 2 'no option is named .--slurm' "$synlab" run chapter.lua --slurm
check 'verify: misspelt' 2 "did you mean '--data'" "$synlab" verify a --dta x
check 'bench: misspelt' 2 "did you mean '--json'" "$synlab" bench --jsno
check 'rule check: misspelt' 2 'no option is named' "$synlab" rule check rule.lua --seeds 3
check 'nothing is written' 1 '' test -e no

# ---- behind "--" nothing is an option
check 'a script of an odd name' 0 '2 runs' "$synlab" run --out g -- --odd.lua
check 'a missing script of an odd name' 2 '--help: ' "$synlab" run --out g -- --help

# ---- parameters of a rule
check 'rule check, a parameter' 0 'good' "$synlab" rule check rule.lua keep=0.5
check 'rule check, a parameter out of range' 2 'keep' "$synlab" rule check rule.lua keep=7
check 'rule check, no such parameter' 2 'kep' "$synlab" rule check rule.lua kep=0.5
check 'rule check, no number' 2 'a parameter is a number' "$synlab" rule check rule.lua keep=x

# ---- names that are none
for command in run plan 'rule check' 'rule show' 'rule try' 'rule new' 'reward check' 'reward new' 'data info'; do
  check "$command: an empty name" 2 "^synlab: $command: an empty word" "$synlab" $command ''
done
check 'rule check: an empty parameter' 2 'an empty word' "$synlab" rule check rule.lua ''
long=$(printf %064d 7)
for noun in rule reward; do
  check "$noun new: too long a name" 2 "$noun new: a name has at most 64 characters, and '${long}x' has 65" \
    "$synlab" $noun new "${long}x"
  check "$noun new: a long name" 0 '' "$synlab" $noun new "$long"
  check "$noun new: a long name is one" 0 'good' "$synlab" $noun check "$long.lua"
  rm -f "$long.lua"
done

# ---- paths beyond what a system takes, or with what would lie below: all commands have the same words for it
long=$(printf 'd%.0s' $(seq 200))
for i in 1 2 3 4; do long=$long/$long; done # 3215 bytes
for more in 700 1000; do # short of PATH_MAX, and beyond
  deep=$long/$(printf 'e%.0s' $(seq $more))
  for command in 'run chapter.lua --out' 'run chapter.lua --store' 'plan chapter.lua --out' 'plan chapter.lua --store' \
    'plan --slurm chapter.lua --store' 'store why chapter.lua --out' 'run chapter.lua --data' 'rule try rule.lua --out' \
    "work $plan 1 --store" 'merge c --out' 'merge' 'store list' 'store prune' 'verify' 'run' 'work' 'export 1 --from'; do
    option=${command##* }
    case $option in --*) ;; *) option= ;; esac
    check "$command, $more" 2 "^synlab: [a-z ]*:${option:+ $option} 'ddd.*': path too long: $((3216 + more)) bytes, of at most 3840$" \
      "$synlab" $command "$deep"
    expect "$command, $more: one line, that can be read" [ "$(wc -l <stderr)$(wc -l <stdout)" = 10 -a "$(wc -c <stderr)" -lt 200 ]
  done
done
fits=$(echo "$long/$(printf '/d%.0s' $(seq 400))" | cut -c1-3840)
check 'a path that is as long as may be' 0 '2 runs' "$synlab" run chapter.lua --out "$fits"
check 'and a plan there' 0 '2 runs to compute' "$synlab" plan chapter.lua --out "$fits" --store x

# ---- names of before say which they are now
check 'work --threads' 2 "no option is named '--threads'; did you mean '--jobs'?" "$synlab" work "$plan" 1 --threads 2
check 'export --threads' 2 "did you mean '--jobs'?" "$synlab" export 1 --threads=2
check 'export --to' 2 "no option is named '--to'; did you mean '--out'?" "$synlab" export 1 --to x
check 'merge has neither' 2 "no option is named '--threads'; .* --help" "$synlab" merge c --threads 2

# ---- help names every option
for pair in 'run --out --store --data --policy --seeds --jobs --checkpoint --quick --fresh' 'plan --slurm' \
  'work --task --out --store --data --jobs' 'merge --out' 'store --json --width --yes --other-numerics --out --store --data --policy --seeds --quick' 'verify --run --all --data --jobs' 'export --out --from --data --jobs' 'bench --json' \
  'rule --out --seeds --picture NAME=NUMBER'; do
  set -- $pair
  command=$1
  shift
  for option; do check "$command --help names $option" 0 "$option" "$synlab" "$command" --help; done
done

# ---- folders of all kinds
mkdir "it's here" && ln -s "it's here" link
for out in "it's here/x y/" link/z// ./h; do
  check "OUT $out" 0 '2 runs' "$synlab" run chapter.lua --out "$out"
  expect "OUT $out: no double slash" sh -c '! grep "//[a-z]*\.json" stdout stderr'
  check "OUT $out: verify" 0 'as written' "$synlab" verify "$out"
  sed -n 's/.*`synlab \(verify .*\)` repeats it.*/\1/p' stdout >again
  check "OUT $out: the printed command works" 0 'as written' sh -c "'$synlab' $(cat again)"
  "$synlab" plan chapter.lua --seeds 9 --out "$out new" >lines 2>stderr
  check "OUT $out: planned commands work" 0 '' sh -e lines
done
cp chapter.lua "it's.lua"
"$synlab" run "it's.lua" --out=i >stdout 2>stderr
command=$(sed -n 's/.*"command": "\([^"]*\)".*/\1/p' i/manifest.json | sed 's/\\\\/\\/g')
check "the manifest's command works" 0 '2 of them kept' sh -c "'$synlab' ${command#synlab }"
check 'an absolute folder is no path in the manifest' 0 '' "$synlab" run chapter.lua --out "$work/j/"
check 'an absolute folder is no path in the manifest' 1 '' grep -q "$work" j/manifest.json

finish

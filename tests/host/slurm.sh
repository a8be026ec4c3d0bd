#!/bin/sh
# `synlab plan --slurm` on Slurm itself: a controller and a node on this machine, in a folder of their
# own, take the job array; what it leaves is the store that `synlab run` leaves. Tasks that are stopped
# before their limit, queued again in their midst, or cancelled go on from their checkpoints.
#
#   slurm.sh SYNLAB
. "$(dirname "$0")/../lib.sh"
synlab=$1
for program in slurmctld slurmd sbatch squeue scontrol; do
  command -v $program >/dev/null || skip "$program is not installed (Debian: slurm-wlm); no job array was submitted"
done
controller='' node=''
# Slurm's daemons are asked to end, and are ended where they are stuck.
stop() {
  for daemon in $node $controller; do
    kill "$daemon" 2>/dev/null
    for _ in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$daemon" 2>/dev/null && sleep 0.5; done
    kill -KILL "$daemon" 2>/dev/null
  done
  wait
  rm -rf "$work"
}
trap stop EXIT
trap 'exit 1' INT TERM

fail() {
  echo "FAILED: $1"
  sed 's/^/    /' ctld.log slurmd.log slurm-*.out 2>/dev/null | tail -n 40
  exit 1
}

# soon COMMAND...: true as soon as it is, within ten minutes (it takes seconds) and while Slurm lives
soon() {
  late=$(($(date +%s) + 600))
  while [ "$(date +%s)" -lt $late ]; do
    if "$@" >/dev/null 2>&1; then return 0; fi
    kill -0 $controller $node 2>/dev/null || return 1
    sleep 0.2
  done
  return 1
}

# ---- a cluster of one node. No other user trusts it, so it needs no MUNGE; it is known by its address,
# as a bare machine knows no name, not even localhost.
user=$(id -un) port=$(shuf -n 1 -i 20000-39999) # another test may run one, with the same process number in a namespace
mkdir state spool
cat >slurm.conf <<CONF
ClusterName=synlab
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmctldPort=$port
SlurmdPort=$((port + 1))
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/none
CredType=cred/none
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/ctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/ctld.log
SlurmdLogFile=$work/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
SchedulerParameters=batch_sched_delay=0,sched_interval=1,sched_min_interval=0
ReturnToService=2
KillWait=60
NodeName=node NodeHostname=$(hostname -s) NodeAddr=127.0.0.1 CPUs=2
PartitionName=all Nodes=node Default=YES
CONF
# No control groups: they may not be this test's to use. Slurm 22 of Debian 12 uses none, but asks which kind.
case $(slurmctld -V) in
*' '2[0-2].*) echo 'CgroupPlugin=cgroup/v1' ;; # named, it is not looked for below /sys, which may be empty
*) echo 'CgroupPlugin=disabled' ;;
esac >cgroup.conf
export SLURM_CONF="$work/slurm.conf"
slurmctld -D -c >ctld.err 2>&1 </dev/null &
controller=$!
slurmd -D -N node >slurmd.err 2>&1 </dev/null & # its steps keep what it has open
node=$!
idle() { timeout 600 sinfo -h -o %T | grep -q '^idle'; }
soon idle || fail 'the node does not come up'

# ---- the array, and the same runs by the program alone
cat >array.lua <<'LUA'
local lab = require "experiment"
return lab.chapter {
  id = "array", title = "An array",
  runs = lab.sweep {
    task = "boundary", iterations = 200, points = 50,
    lab.synaptic { policy = lab.qtable { history = 2 }, epsilon = { 0.1, 0.25 } }, seeds = 3,
  },
  function(results) return ("%d runs"):format(#results) end,
}
LUA
"$synlab" plan --slurm --task-seconds 0 array.lua --out "the report's" >job.sh 2>/dev/null || fail 'no plan'
job=$(timeout 600 sbatch --parsable job.sh) || fail 'the array is not taken'
ended() { [ -z "$(timeout 600 squeue -h -j "$job")" ]; }
soon ended || fail 'the array does not end'
"$synlab" run array.lua --out "the report's" 2>said || fail 'the runs cannot be collected'
grep -q '6 runs, 6 of them kept' said || fail "not all were computed by Slurm: $(cat said)"
"$synlab" run array.lua --out alone 2>/dev/null || fail 'the runs alone'
printed=$("$synlab" merge "the report's" --out alone) || fail "another result: $printed"
echo "$printed" | grep -q '6 records, 0 copied, 6 there already' || fail "compared: $printed"

# ---- all of it again: every task finds its record
job=$(timeout 600 sbatch --parsable job.sh) || fail 'the array is not taken again'
soon ended || fail 'the array does not end again'
[ "$(cat slurm-"${job}"_*.out | grep -c 'kept from before')" = 6 ] || fail 'computed twice'

# ---- a task that does not exist
wrong=$(timeout 600 sbatch --parsable --array=7 --output=wrong.out job.sh) || fail 'array=7 is not taken'
ended_wrong() { [ -z "$(timeout 600 squeue -h -j "$wrong")" ]; }
soon ended_wrong || fail 'task 7 does not end'
grep -q 'there is no task 7 of 6' wrong.out || fail "task 7: $(cat wrong.out)"

# ---- a run that is stopped in its midst: by the signal before the limit, queued again, cancelled
cat >long.lua <<'LUA'
local lab = require "experiment"
return lab.chapter {
  id = "long", title = "Long",
  runs = lab.sweep { task = "boundary", iterations = 400000, points = 200, curve_every = 1000, trace = 1,
    lab.synaptic { policy = lab.qtable { history = 2 }, epsilon = 0.25 }, seeds = 1 },
  function() return "" end,
}
LUA
"$synlab" run long.lua --out whole 2>/dev/null || fail 'the long run alone'
"$synlab" plan --slurm long.lua --out turns >job.sh 2>/dev/null || fail 'no plan of the long run'
job=$(timeout 600 sbatch --parsable job.sh) || fail 'the long run is not taken'
# The program and its worker, known by the plan that they work on.
workers() { grep -lsza "$work/[t]urns/plan" /proc/[0-9]*/cmdline | wc -l; }
computes() { [ "$(workers)" = 2 ]; }
stopped() { [ "$(workers)" = 0 ] && [ -n "$(ls turns/runs/*.checkpoint 2>/dev/null)" ]; }
state() { timeout 600 scontrol -o show job "${job}_1" | grep -o "$1=[^ ]*" | head -n 1 | cut -d= -f2; }
turns() { [ "$(state Restarts)" = "$1" ]; }
# Slurm waits two minutes otherwise. A node that is to begin it in the second in which it was stopped
# takes it for the job that was: "already killed, do not launch".
at_once() { sleep 3 && timeout 600 scontrol update "JobId=${job}_1" StartTime=now; }
# stop NAME RESTARTS COMMAND...: in the midst of the run
stop_midst() {
  name=$1 restarts=$2
  shift 2
  soon computes || fail "$name: it does not compute"
  sleep 0.5
  timeout 600 "$@" || fail "$name: $*"
  soon stopped || fail "$name: no checkpoint is kept"
  [ -z "$restarts" ] || soon turns "$restarts" || fail "$name: not queued again: $(state Restarts)"
}
stop_midst 'the signal before the limit' 1 scancel --batch --signal=USR1 "${job}_1"
soon at_once || fail 'the first turn cannot be followed by another'
stop_midst 'queued again' 2 scontrol requeue "${job}_1"
soon at_once || fail 'the second turn cannot be followed by another'
stop_midst 'cancelled' '' scancel "${job}_1"
soon ended || fail 'cancelled, it does not end'
job=$(timeout 600 sbatch --parsable job.sh) || fail 'the long run is not taken again'
soon ended || fail 'the long run does not end'
grep -q 'anew' slurm-*.out && fail 'a checkpoint was of no use'
"$synlab" run long.lua --out turns 2>said || fail 'the long run cannot be collected'
grep -q '1 run, 1 of them kept' said || fail "not computed by Slurm: $(cat said)"
same_records whole turns || fail 'stopped three times: another record'
echo "6 runs by a job array of Slurm $(slurmctld -V | cut -d' ' -f2), the same as without; and one that was stopped three times"

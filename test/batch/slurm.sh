#!/bin/bash
# Runs a batch as a real Slurm array on one Debian machine, merges the shards, and compares the result with one run
# without shards. Installs slurm-wlm and munge if they are not there; needs root, and no systemd. Every daemon that it
# starts, and every file that it makes outside the packages, is gone at the end.
# Use: slurm.sh [MACHINES]; IRQSIM is the command, default: that of this checkout.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
irqsim=${IRQSIM:-$(realpath "$here/../../bin/irqsim.cjs")}
machines=${1:-20000}
shards=4

[ "$(id -u)" -eq 0 ] || { echo "slurm.sh: must be root" >&2; exit 2; }
if ! command -v slurmctld slurmd munged sbatch > /dev/null; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq slurm-wlm munge > /dev/null
fi

scratch=$(mktemp -d)
chmod 755 "$scratch"
pids=()
cleanup() {
  # The last started first; only what this script started.
  for ((n = ${#pids[@]} - 1; n >= 0; n--)); do kill "${pids[n]}" 2> /dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2> /dev/null || true; done
  rm -rf "$scratch"
}
trap cleanup EXIT

# munge: its own key and socket, as the user munge, who must own what is on the way to them.
install -d -o munge -g munge -m 755 "$scratch/munge"
head -c 1024 /dev/urandom > "$scratch/munge/munge.key"
chown munge: "$scratch/munge/munge.key"
chmod 400 "$scratch/munge/munge.key"
setpriv --reuid=munge --regid=munge --clear-groups munged --foreground --force --key-file="$scratch/munge/munge.key" \
  --socket="$scratch/munge/munge.socket" --pid-file="$scratch/munge/munged.pid" \
  --log-file="$scratch/munge/munged.log" --seed-file="$scratch/munge/munged.seed" \
  > /dev/null 2>&1 &
pids+=($!)

host=$(hostname -s)
install -d "$scratch/state" "$scratch/spool"
cat > "$scratch/slurm.conf" << EOF
ClusterName=irqsim
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=16817
SlurmdPort=16818
AuthType=auth/munge
AuthInfo=socket=$scratch/munge/munge.socket
CredType=cred/munge
SlurmUser=root
SlurmdUser=root
StateSaveLocation=$scratch/state
SlurmdSpoolDir=$scratch/spool
SlurmctldPidFile=$scratch/slurmctld.pid
SlurmdPidFile=$scratch/slurmd.pid
SlurmctldLogFile=$scratch/slurmctld.log
SlurmdLogFile=$scratch/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SchedulerType=sched/backfill
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
MpiDefault=none
ReturnToService=2
InactiveLimit=0
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE State=UP
EOF
export SLURM_CONF=$scratch/slurm.conf

for _ in $(seq 50); do [ -S "$scratch/munge/munge.socket" ] && break; sleep 0.1; done
slurmctld -D -f "$SLURM_CONF" > /dev/null 2>&1 &
pids+=($!)
slurmd -D -f "$SLURM_CONF" -N "$host" > /dev/null 2>&1 &
pids+=($!)
for _ in $(seq 100); do
  [ "$(sinfo -h -o %T 2> /dev/null || true)" = idle ] && break
  sleep 0.2
done
sinfo || { tail -n 20 "$scratch"/*.log "$scratch"/munge/*.log >&2; exit 1; }

work=$scratch/work
mkdir "$work"
cd "$work"
node "$here/machines.mjs" "$machines" > machines.ndjson
cat > batch.sh << EOF
#!/bin/sh
exec "$irqsim" batch machines.ndjson -j 1 -o "out-\$SLURM_ARRAY_TASK_ID.ndjson" --resume --exit-zero
EOF
sbatch --array=1-$shards --wait --output=task-%a.log batch.sh
cat task-*.log

code=0
"$irqsim" merge out-*.ndjson -o merged.ndjson || code=$?
[ "$code" -eq 2 ] # some machines cannot be read
"$irqsim" batch machines.ndjson -o whole.ndjson --exit-zero --no-shard
cmp merged.ndjson whole.ndjson
echo "Slurm $(sinfo --version | cut -d' ' -f2): an array of $shards tasks over $machines machines, merged: the same bytes as one run"

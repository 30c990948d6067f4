#!/bin/sh
# Runs a batch as shards under GNU parallel, merges them, and compares the result with one run without shards.
# Use: parallel.sh DIRECTORY [MACHINES [SHARDS]]; IRQSIM is the command, default: that of this checkout.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
irqsim=${IRQSIM:-$here/../../bin/irqsim.cjs}
directory=$1
machines=${2:-2000}
shards=${3:-5}

cd "$directory"
node "$here/machines.mjs" "$machines" > machines.ndjson
# As a user would: a shard that was ended goes on, one that is finished is left alone.
seq "$shards" | parallel --will-cite -j 2 --halt soon,fail=1 \
  "$irqsim" batch machines.ndjson --shard "{}/$shards" -j 1 -o "out-{}.ndjson" --resume --exit-zero
code=0
"$irqsim" merge out-*.ndjson -o merged.ndjson || code=$?
[ "$code" -eq 2 ] # some machines cannot be read
"$irqsim" batch machines.ndjson -o whole.ndjson --exit-zero
cmp merged.ndjson whole.ndjson
echo "GNU parallel: $shards shards of $machines machines, merged: the same bytes as one run"

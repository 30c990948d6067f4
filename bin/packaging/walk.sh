#!/usr/bin/env bash
# usage: bin/packaging/walk.sh PROGRAM [ARGUMENT...]
# Runs an installed irqsim as a stranger would: commands of every kind, in a folder with nothing but their inputs, with
# no environment but a home, and WALK_PATH as PATH if that is set; WALK_ONLY is a pattern of those to run. Prints the exit code of each and a sum of what it
# wrote, so that two installations can be compared.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
bare=$(mktemp -d)
trap 'rm -rf "$bare"' EXIT
cd "$bare"
cp "$root"/scenarios/{240-vcpus-of-5-cores,four-cpus-two-queues,four-nics-480-cpus}.yaml .
cp "$root"/scenarios/imported/{kubevirt-64-vcpus.yaml,qemu-288-vcpus.sh,server-255-of-256.dmesg} .
cp "$root/test/captures/a-8v-flat-7.0.tar.xz" host.tar.xz
guest=240-vcpus-of-5-cores.yaml

environment=("HOME=$bare" LC_ALL=C.UTF-8 ${WALK_PATH:+"PATH=$WALK_PATH"})
irqsim() { env -i "${environment[@]}" "${program[@]}" "$@"; }
program=("$@")

# Standard input is passed on; files that a command wrote are named before the words of the command, with a colon.
run() {
  local files=() code=0
  while [[ $1 == *: ]]; do files+=("${1%:}"); shift; done
  if ! [[ $* =~ ${WALK_ONLY:-.} ]]; then return; fi
  irqsim "$@" > out 2> err || code=$?
  printf '%s  %s  %s\n' "$code" "$(cat out err "${files[@]}" | sha256sum | cut -c1-16)" "$*"
}

# What an editor says to the server. The next thing is said when the answer to the one before is there; the end of the
# input would end the server at once.
message() { printf 'Content-Length: %s\r\n\r\n%s' "${#1}" "$1"; }
answered() { for _ in {1..300}; do if grep -q "$1" out; then break; fi; sleep 0.1; done; }
session() {
  message '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{},"processId":null,"rootUri":null}}'
  message '{"jsonrpc":"2.0","method":"initialized","params":{}}'
  message '{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"untitled:a.yaml","languageId":"yaml","version":1,"text":"platform: kvm\ntopology: { sockets: 60, cores: 5 }\n"}}}'
  answered publishDiagnostics
  message '{"jsonrpc":"2.0","id":2,"method":"shutdown"}'
  answered '"id":2'
  message '{"jsonrpc":"2.0","method":"exit"}'
}

exec < /dev/null
: > out
run --version
run --help
run no-such-command
run init --platform kvm
run analyze "$guest"
run analyze --format sarif "$guest"
run analyze --stack kubevirt=1.4 kubevirt-64-vcpus.yaml
run analyze -q qemu-288-vcpus.sh
run replay "$guest" --event offline=3 --event suspend
run why "$guest" cpu 200
run irqs --movable "$guest"
run budget four-nics-480-cpus.yaml
run page.html: explore "$guest" -o page.html
run empty.html: explore -o empty.html
run prove --property no-io-hangs --plug any four-cpus-two-queues.yaml
run whatif "$guest" --set extDestId=true
run diff "$guest" qemu-288-vcpus.sh
run sweep "$guest" --vary extDestId=off,on --vary topology.cores=3..5
run solve "$guest" --maximise topology.cores=1..8
run advise "$guest"
run qemu-288-vcpus.sh: advise --fix qemu-288-vcpus.sh
run records: batch -j 2 -o records '*.yaml'
run merge records
run import kubevirt-64-vcpus.yaml
run verify host.tar.xz
run capture --script
run dmesg server-255-of-256.dmesg
run explain apic-id-above-limit
run rules
run kernels
run policies
run schema report
run completion bash
run man
run engine spread <<< '{"id":"a","kernel":"6.12","nrCpuIds":8,"possible":"0-7","present":"0-7","nodes":["0-7"],"siblings":["0-1","2-3","4-5","6-7"],"affd":{"pre":1,"post":0},"minvec":2,"maxvec":5}'
run lsp --stdio < <(session)

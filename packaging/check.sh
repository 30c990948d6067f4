#!/usr/bin/env bash
# Installs the build in each way that README names, as printed there, into an empty folder; what is installed must do what
# the checkout does, byte for byte (packaging/walk.sh). Called by .ci/run.
set -euo pipefail
cd "$(dirname "$0")/.."
clean=$(mktemp -d)
trap 'rm -rf "$clean"' EXIT
node=$(command -v node)

# The line of README that begins like this, without its comment.
printed() { grep -m 1 "^$1" README.md | sed 's| *#.*||'; }
quietly() { "$@" > "$clean/log" 2>&1 || { cat "$clean/log" >&2; exit 1; }; }
same() {
  packaging/walk.sh "${@:2}" > "$clean/walk"
  diff <(grep -E "  ${WALK_ONLY:-.*}" "$clean/reference") "$clean/walk" || { echo "$1 differs from the checkout" >&2; exit 1; }
  echo "$1 does what the checkout does in $(wc -l < "$clean/walk") commands"
}
packaging/walk.sh "$node" "$PWD/bin/irqsim.cjs" > "$clean/reference" &
npm_config_prefix=$clean/npm quietly sh -c "$(printed 'npm install --global')"
rm irqsim-*.tgz
quietly sh -c "$(printed 'npm run build:binary')"
wait $!

same "the single file" "$PWD/dist/irqsim"
# These read all packs, start threads and need the programs of pages.
WALK_ONLY='(analyze|explore|batch|verify)'
export WALK_ONLY
WALK_PATH="$clean/npm/bin:${node%/*}:/bin" same "the package" "$clean/npm/bin/irqsim"
test -e "$clean/npm/share/man/man1/irqsim.1"

#!/usr/bin/env bash
# Installs the build in each way that README names, as printed there, into an empty folder; what is installed must do what
# the checkout does, byte for byte (bin/packaging/walk.sh). Called by .ci/run.
set -euo pipefail
cd "$(dirname "$0")/../.."
clean=$(mktemp -d)
trap 'rm -rf "$clean"' EXIT
node=$(command -v node)

# The line of README that begins like this, without its comment.
printed() { grep -m 1 "^$1" README.md | sed 's| *#.*||'; }
quietly() {
  local log
  log=$(mktemp -p "$clean")
  "$@" > "$log" 2>&1 || { cat "$log" >&2; exit 1; }
}
same() {
  bin/packaging/walk.sh "${@:2}" > "$clean/walk"
  diff <(grep -E "  ${WALK_ONLY:-.*}" "$clean/reference") "$clean/walk" || { echo "$1 differs from the checkout" >&2; exit 1; }
  echo "$1 does what the checkout does in $(wc -l < "$clean/walk") commands"
}
{
  bin/packaging/walk.sh "$node" "$PWD/bin/irqsim.cjs" > "$clean/reference"
  npm_config_prefix=$clean/npm quietly sh -c "$(printed 'npm install --global')"
  rm irqsim-*.tgz
} &
quietly sh -c "$(printed 'npm run build:binary')"
if command -v dpkg-deb > /dev/null; then
  quietly sh -c "$(printed 'npm run build:deb')"
  dpkg-deb -x dist/irqsim_*_all.deb "$clean/deb"
else
  echo "dpkg-deb is not here: the Debian package is not tested" >&2
fi
wait $!

same "the single file" "$PWD/dist/irqsim"
# These read all packs, start threads and need the programs of pages.
export WALK_ONLY='(analyze|explore|batch|verify)' WALK_PATH="$clean/npm/bin:${node%/*}:/bin"
same "the package" "$clean/npm/bin/irqsim"
test -e "$clean/npm/share/man/man1/irqsim.1"
if [ -e "$clean/deb" ]; then
  same "the Debian package" "$clean/deb/usr/bin/irqsim"
  (cd "$clean/deb/usr/share" && ls man/man1/irqsim.1.gz bash-completion/completions/irqsim \
    zsh/vendor-completions/_irqsim fish/vendor_completions.d/irqsim.fish doc/irqsim/copyright > /dev/null)
fi

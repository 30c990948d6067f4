#!/bin/sh
# Called by the build: what goes below /usr/share, or that of another prefix: the manual page, what shells need to complete
# command lines, and licences.
set -eu
cd "$(dirname "$0")/../.."

write() {
  path=dist/share/$1
  shift
  mkdir -p "$(dirname "$path")"
  node "$@" > "$path"
}
write man/man1/irqsim.1 bin/irqsim.cjs man
write bash-completion/completions/irqsim bin/irqsim.cjs completion bash
write zsh/site-functions/_irqsim bin/irqsim.cjs completion zsh
write fish/vendor_completions.d/irqsim.fish bin/irqsim.cjs completion fish
write doc/irqsim/copyright bin/packaging/licences.cjs

#!/bin/sh
# Called by the build: what goes below /usr/share, or that of another prefix: the manual page, and what shells need to
# complete command lines.
set -eu
cd "$(dirname "$0")/.."

write() {
  path=dist/share/$1
  shift
  mkdir -p "$(dirname "$path")"
  node bin/irqsim.cjs "$@" > "$path"
}
write man/man1/irqsim.1 man
write bash-completion/completions/irqsim completion bash
write zsh/site-functions/_irqsim completion zsh
write fish/vendor_completions.d/irqsim.fish completion fish

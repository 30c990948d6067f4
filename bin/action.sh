#!/usr/bin/env bash
# What action.yml runs: annotations for the job, a summary, SARIF for code scanning, and the exit code of the findings.
# IRQSIM_FILES: patterns, a line each. IRQSIM_FAIL_ON, IRQSIM_SARIF and IRQSIM_ARGUMENTS as in action.yml.
set -euo pipefail

program="$(dirname "$(readlink -f "$0")")/irqsim.cjs"

shopt -s nullglob globstar
# Options may be on several lines; the end of the text is what ends them.
IFS=$' \t\n' read -r -d '' -a more <<< "${IRQSIM_ARGUMENTS:-}" || true
# From here on nothing is split: a name with blanks is one name.
IFS=
files=()
while IFS= read -r pattern; do
  [ -n "$pattern" ] || continue
  matched=()
  # A file that has this very name is meant, whatever it would be as a pattern.
  if [ -e "$pattern" ]; then matched=("$pattern"); else matched=($pattern); fi
  if [ ${#matched[@]} -eq 0 ]; then
    echo "::error title=irqsim::no file matches ${pattern//%/%25}"
    exit 2
  fi
  files+=("${matched[@]}")
done <<< "${IRQSIM_FILES:?}"

analyze() {
  node "$program" analyze "$@" "${more[@]}" -- "${files[@]}"
}

status=0
analyze --format github --fail-on "${IRQSIM_FAIL_ON:-error}" || status=$?
if [ "$status" -ge 3 ]; then exit "$status"; fi

# What cannot be read was told above; it must not be told three times.
if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
  analyze --format markdown --fail-on never >> "$GITHUB_STEP_SUMMARY" 2> /dev/null || true
fi
if [ -n "${IRQSIM_SARIF:-}" ]; then
  analyze --format sarif --fail-on never > "$IRQSIM_SARIF" 2> /dev/null || true
fi
if [ -n "${GITHUB_OUTPUT:-}" ]; then
  verdicts=(clean findings unreadable)
  printf 'verdict=%s\nsarif=%s\n' "${verdicts[$status]}" "${IRQSIM_SARIF:-}" >> "$GITHUB_OUTPUT"
fi
exit "$status"

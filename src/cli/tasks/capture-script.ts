/**
 * The capture as a plain POSIX shell script: for machines without irqsim, and the one implementation of
 * `irqsim capture`. What it leaves out never reaches the archive.
 */

import { LEFT_OUT_FILE } from '../../formats/linux-capture/kernel.ts';
import { LOG_FILES, LOG_PATTERNS } from '../../formats/linux-capture/kernel-log.ts';
import { MODELLED_PARAMETERS } from '../../machine/cmdline.ts';
import { CAPTURE_PATTERNS } from './capture-files.ts';

/** Bytes of PCI configuration space that are kept: what lies behind may hold the serial number. */
const CONFIG_BYTES = 256;

/**
 * Splits at blanks outside double quotes as the kernel does, up to "--", and keeps the parameters named in
 * `names`; their count goes to the file `left`. No interval expressions: old awks have none.
 */
const CMDLINE_AWK = `
function finish(word) {
  if (word == "") return
  if (word == "--") ended = 1
  name = word
  if (sub(/^"/, "", name)) sub(/"$/, "", name)
  sub(/=.*/, "", name)
  gsub(/-/, "_", name)
  if (!ended && index(names, " " name " ") > 0 && name !~ / /) kept = kept (kept == "" ? "" : " ") word
  else if (word != "--") dropped++
}
{ text = text (NR > 1 ? "\\n" : "") $0 }
END {
  names = " " names " "
  size = length(text)
  for (i = 1; i <= size; i++) {
    c = substr(text, i, 1)
    if (c == "\\"") quoted = !quoted
    if (!quoted && index(" \\t\\n\\v\\f\\r", c) > 0) { finish(word); word = "" }
    else word = word c
  }
  finish(word)
  print kept
  print "kernel parameters left out: " (dropped + 0) > left
}`;

/** Keeps the time of a line and what is read of it. The last line says how many are left out. */
const LOG_AWK = `
{
  time = match($0, /^\\[ *[0-9]+[.][0-9]+\\]/) ? substr($0, RSTART, RLENGTH) " " : ""
  if (time != "") last = time
  if ($0 !~ /ommand line/ && match($0, pattern)) print time substr($0, RSTART, RLENGTH)
  else dropped++
}
END { if (NR > 0) print last "irqsim capture: " (dropped + 0) " lines of the kernel log left out" }`;

/** The script; arguments: the archive to write, and the directory to take for /. */
export function captureScript(): string {
  return `#!/bin/sh
# Collects what irqsim needs to know of this machine; made by: irqsim capture --script
# Use: sh capture.sh [FILE.tar.gz [ROOT]]; as root, because the ACPI tables are readable for root only.
# Left out: kernel parameters and lines of the kernel log that irqsim does not read, who built the
# kernel and where, and what PCI configuration space has behind byte ${CONFIG_BYTES}.
set -u
LC_ALL=C
export LC_ALL
out=\${1:-irqsim-capture.tar.gz}
root=\${2:-/}
case $out in /* | -) ;; *) out=$PWD/$out ;; esac
cd "$root" || exit 1
root=$(pwd -P)
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM

parameters='${MODELLED_PARAMETERS.join(' ')}'
messages='${LOG_PATTERNS.join('|')}'
mkdir -p "$dir/${LEFT_OUT_FILE.slice(0, LEFT_OUT_FILE.lastIndexOf('/'))}"

# What is kept of a file.
contents() {
  case $1 in
    proc/cmdline) awk -v names="$parameters" -v left="$dir/${LEFT_OUT_FILE}" '${CMDLINE_AWK}' "$1" ;;
    proc/version) sed 's/([^ ()]*@[^()]*) *//' "$1" ;;
    */config) dd if="$1" bs=${CONFIG_BYTES} count=1 ;;
    *) cat "$1" ;;
  esac 2>/dev/null
}

# A regular file, not behind a link that leads out of another root than /.
readable() {
  [ ! -h "$1" ] && [ -f "$1" ] && [ -r "$1" ] && inside "\${1%/*}"
}
inside() {
  [ "$root" != / ] || return 0
  case $(cd "$1" && pwd -P)/ in "$root"/*) return 0 ;; *) return 1 ;; esac
}

found=0
for file in ${CAPTURE_PATTERNS.join(' \\\n  ')}; do
  if [ "\${file##*/}" = driver ] && [ -h "$file" ] && inside "\${file%/*}"; then
    keep=link
  elif readable "$file"; then
    keep=contents
  else
    continue
  fi
  found=1
  copy=$dir/$file
  [ -d "\${copy%/*}" ] || mkdir -p "\${copy%/*}"
  if [ $keep = contents ]; then
    contents "$file" > "$copy" || rm -f "$copy"
  else
    ln -s "$(readlink "$file")" "$copy"
  fi
done
if [ $found = 0 ]; then
  echo "$root has no proc/ and sys/ that irqsim can read" >&2
  exit 1
fi

# The log of the running kernel, or one that is kept below the root.
log() {
  if [ "$root" = / ] && dmesg 2>/dev/null | grep ''; then return; fi
  for file in ${LOG_FILES.map((file) => `./${file}`).join(' ')}; do
    if readable "$file"; then cat "$file"; return; fi
  done
}
log | awk -v pattern="$messages" '${LOG_AWK}' > "$dir/${LOG_FILES[0]}"
[ -s "$dir/${LOG_FILES[0]}" ] || rm -f "$dir/${LOG_FILES[0]}"

cd "$dir" || exit 1
find . ! -type d | sort | sed 's/^/collected /' >&2
# Not every tar can leave out who made the archive.
tar --owner=0 --group=0 --numeric-owner -czf "$out" . 2>/dev/null || tar -czf "$out" .
`;
}

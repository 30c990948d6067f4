/** Lines that the kernel logs, for people. */
import { count } from '../../findings/rules/rule.ts';

/** Of lines of one kind that follow each other these are shown: as many as the kernel's own rate limit lets pass. */
const SHOWN = 10;

/** What lines of one kind have in common: numbers, decimal or hexadecimal, are what they differ in. */
const kindOf = (line: string): string => line.replace(/\b(?:0x)?[\da-f]+\b/g, 'N');

/** The lines; a long run of one kind is cut, and the rest counted. The kernel itself prints all of them. */
export function kernelLines(messages: readonly string[]): string[] {
  const shown: string[] = [];
  for (let from = 0, to = 0; from < messages.length; from = to) {
    const kind = kindOf(messages[from]);
    while (to < messages.length && kindOf(messages[to]) === kind) to++;
    const rest = to - from - SHOWN;
    // A line in place of one line would say less.
    const isCut = rest > 1;
    shown.push(...messages.slice(from, isCut ? from + SHOWN : to));
    if (isCut) shown.push(`(and ${count(rest, 'more line')} of this kind)`);
  }
  return shown;
}

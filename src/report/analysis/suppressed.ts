/** What users decided about findings: those that do not count, and those that count at another level. */
import type { Analysis, SuppressedFinding } from '../../findings/analyze.ts';
import { subjectText } from '../../findings/triage/subject.ts';
import type { Location } from '../../machine/machine.ts';
import type { Section } from '../document/block.ts';

/** Lines in a report that is not verbose. */
const SHOWN = 8;

/** "line 9" of the input itself, "known.json:12", "--level sparse-apic-ids=off". */
function written({ file, line }: Location, source: string): string {
  if (file.startsWith('--')) return file;
  return file === source ? `line ${line}` : `${file}:${line}`;
}

/** "queue-never-starts on disk (line 14: known, until 2027-03-31)" */
function why({ by, reason, until, location }: SuppressedFinding, source: string): string {
  const place = written(location, source);
  if (by === 'level') return `off: ${place}`;
  return `${place}: ${reason}${until === undefined ? '' : `, until ${until}`}`;
}

/** Each text once, with the number of times it was there. */
function counted(texts: readonly string[]): string[] {
  const times = new Map<string, number>();
  for (const text of texts) times.set(text, (times.get(text) ?? 0) + 1);
  return [...times].map(([text, n]) => (n === 1 ? text : `${n} x ${text}`));
}

function shorten(lines: readonly string[], verbose: boolean): string[] {
  const shown = verbose ? lines : lines.slice(0, SHOWN);
  const rest = lines.length - shown.length;
  return [...shown, ...(rest > 0 ? [`and ${rest} more (-v shows all)`] : [])];
}

/** What was decided; empty if nothing was. */
export function suppressedSection({ findings, suppressed, machine }: Analysis, verbose: boolean): Section {
  const { source } = machine;
  const changed = findings.flatMap(({ rule, level, overridden }) =>
    overridden
      ? [`${level} instead of ${overridden.level}: ${rule} (${written(overridden.location, source)})`]
      : [],
  );
  const left = suppressed.map((one) => `${subjectText(one.finding)} (${why(one, source)})`);
  if (changed.length + left.length === 0) return [];
  const n = suppressed.length;
  const texts = [
    ...(n > 0 ? [`${n} finding${n === 1 ? '' : 's'} suppressed`, ...shorten(counted(left), verbose)] : []),
    ...shorten(counted(changed), verbose),
  ];
  return [{ kind: 'facts', facts: [{ name: 'Triage', texts }], tone: 'aside' }];
}

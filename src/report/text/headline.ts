/** The one line that is enough for a pull-request check. */
import type { Analysis, Verdict } from '../../analyze.ts';
import { CpuMask } from '../../lib/cpumask.ts';
import { HEALTHS, type Health } from '../../sim/run.ts';
import { type Paper, wrap } from './paper.ts';

const SIGN: Record<Verdict, { word: string; ink: 'green' | 'yellow' | 'red' }> = {
  pass: { word: 'PASS', ink: 'green' },
  warn: { word: 'WARN', ink: 'yellow' },
  fail: { word: 'FAIL', ink: 'red' },
};

/** "all 16 plugged CPUs", "the only plugged CPU", "6 of 8 plugged CPUs". */
function share(part: number, whole: number, what: string): string {
  if (part === whole) return whole === 1 ? `the only ${what}` : `all ${whole} ${what}s`;
  return `${part} of ${whole} ${what}s`;
}

function cpuClause({ run, domains, enumeration }: Analysis): string {
  const [{ reachable, unknown }] = domains;
  // A CPU that the kernel gave no number is plugged all the same.
  const plugged = run.present.weight() + enumeration.ignored.filter((cpu) => cpu.present).length;
  const usable = CpuMask.and(reachable, run.present).weight();
  const unsure = CpuMask.and(unknown, run.present).weight();
  return `${share(usable, plugged, 'plugged CPU')} reachable${unsure > 0 ? `, ${unsure} unknown` : ''}`;
}

/** Kinds of trouble a queue can be in, the worst first. */
const TROUBLES: readonly (readonly [Health, string])[] = [
  ['dead', 'dead'],
  ['degraded', 'degraded'],
  ['at-risk', 'at risk'],
];

function queueClause({ summary, run }: Analysis): string {
  if (run.devices.length === 0) return 'no devices described';
  const total = HEALTHS.reduce((sum, health) => sum + summary.queues[health], 0);
  if (total === 0) return 'no queues';
  const [first, ...others] = TROUBLES.filter(([health]) => summary.queues[health] > 0);
  if (first) {
    const rest = others.map(([health, words]) => `, ${summary.queues[health]} ${words}`).join('');
    return `${summary.queues[first[0]]} of ${total} queue${total === 1 ? '' : 's'} ${first[1]}${rest}`;
  }
  const { idle, healthy } = summary.queues;
  if (idle === 0) return `${share(total, total, 'queue')} work${total === 1 ? 's' : ''}`;
  return `${healthy} queue${healthy === 1 ? '' : 's'} work${healthy === 1 ? 's' : ''}, ${idle} wait${idle === 1 ? 's' : ''} for CPUs`;
}

/** What comes before all else: the guest would not start. */
function refusal({ machine }: Analysis): string {
  const first = machine.imported?.refusals.find(({ level }) => level === 'error');
  return first ? `${first.by} would not start it; if it did: ` : '';
}

/** The verdict as a sentence: one line if it fits, else continued under the name. */
export function headline(analysis: Analysis, sheet: Paper): string[] {
  const { machine, apic, summary } = analysis;
  const { word, ink } = SIGN[summary.verdict];
  const sentence = apic.fatal
    ? `the kernel panics at boot: ${apic.fatal.message}`
    : `${refusal(analysis)}${cpuClause(analysis)}; ${queueClause(analysis)}`;
  const title = machine.source === '-' ? machine.name || 'standard input' : machine.source;
  const name = `${sheet.ink[ink].bold(word)}  ${sheet.ink.bold(title)}`;
  const [start, ...more] = wrap(sentence, Math.max(20, sheet.width - word.length - title.length - 4));
  return [`${name}  ${start}`, ...more.map((line) => ' '.repeat(word.length + 2) + line)];
}

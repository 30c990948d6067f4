/** What a verdict means, in one sentence. */
import type { Analysis } from '../../findings/analyze.ts';
import { CpuMask } from '../../lib/cpumask.ts';
import { HEALTHS, type Health } from '../../linux/sim/run.ts';

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

/** "6 of 8 plugged CPUs reachable; all 4 queues work", and before it whatever keeps the machine from starting. */
export function verdictSentence(analysis: Analysis): string {
  const { fatal } = analysis.apic;
  if (fatal) return `the kernel panics at boot: ${fatal.message}`;
  const crash = analysis.run.events.findIndex(({ result }) => result === 'crashed');
  const before = crash < 0 ? '' : `event ${crash + 1} crashes the kernel; before it: `;
  return `${refusal(analysis)}${before}${cpuClause(analysis)}; ${queueClause(analysis)}`;
}

/** What the machine is called where it was read. */
export function machineTitle({ machine }: Analysis): string {
  return machine.source === '-' ? machine.name || 'standard input' : machine.source;
}

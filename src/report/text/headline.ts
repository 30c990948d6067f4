/** The one line that is enough for a pull-request check. */
import type { Analysis, Verdict } from '../../analyze.ts';
import { CpuMask } from '../../lib/cpumask.ts';
import type { Paper } from './paper.ts';

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

function cpuClause({ run, domains }: Analysis): string {
  const [{ reachable, unknown }] = domains;
  const plugged = run.present.weight();
  const usable = CpuMask.and(reachable, run.present).weight();
  const unsure = CpuMask.and(unknown, run.present).weight();
  return `${share(usable, plugged, 'plugged CPU')} can take device interrupts${unsure > 0 ? `, ${unsure} unknown` : ''}`;
}

function queueClause({ summary, run }: Analysis): string {
  const { healthy, idle, dead, degraded } = summary.queues;
  const atRisk = summary.queues['at-risk'];
  const total = healthy + idle + dead + degraded + atRisk;
  if (run.devices.length === 0) return 'no devices described';
  if (total === 0) return 'no queues';
  const bad = [
    dead > 0 ? `${dead} dead` : '',
    degraded > 0 ? `${degraded} degraded` : '',
    atRisk > 0 ? `${atRisk} at risk` : '',
  ].filter((text) => text !== '');
  if (bad.length > 0) return `of ${total} queues ${bad.join(', ')}`;
  if (idle === 0) return `${share(total, total, 'queue')} work${total === 1 ? 's' : ''}`;
  return `${healthy} queues work, ${idle} wait for their CPUs`;
}

export function headline(analysis: Analysis, sheet: Paper): string {
  const { machine, apic, summary } = analysis;
  const { word, ink } = SIGN[summary.verdict];
  const sentence = apic.fatal
    ? `the kernel panics at boot: ${apic.fatal.message}`
    : `${cpuClause(analysis)}; ${queueClause(analysis)}`;
  const title = machine.source === '-' ? machine.name || 'standard input' : machine.source;
  return `${sheet.ink[ink].bold(word)}  ${sheet.ink.bold(title)}  ${sentence}`;
}

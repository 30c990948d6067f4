/** The HPET's channels that have interrupts of their own: one line, and with -v one for each channel in use. */
import type { Analysis } from '../../findings/analyze.ts';
import { formatList } from '../../lib/cpumask.ts';
import { shortenList } from '../../lib/ids.ts';
import type { Fact } from '../document/block.ts';

/** Empty if there are none. */
export function hpetFacts({ run: { hpet } }: Analysis, verbose: boolean): Fact[] {
  if (hpet.length === 0) return [];
  const irqs = formatList(hpet.map(({ irq }) => irq));
  const cpus = hpet.flatMap(({ cpu }) => (cpu === null ? [] : [cpu])).sort((a, b) => a - b);
  const owners =
    cpus.length === 0
      ? 'none is the timer of a CPU'
      : `${cpus.length} ${cpus.length === 1 ? 'is the timer of CPU' : 'are the timers of CPUs'} ${shortenList(formatList(cpus))}`;
  const head = `${hpet.length} channel${hpet.length === 1 ? '' : 's'} with message interrupts (irq${hpet.length === 1 ? '' : 's'} ${irqs}): ${owners}`;
  const each = hpet.flatMap(({ channel, irq, cpu, vector }) =>
    cpu === null ? [] : [`hpet${channel}: irq ${irq}, CPU ${cpu}, vector ${vector}`],
  );
  return [{ name: 'HPET', texts: verbose ? [head, ...each] : [head] }];
}

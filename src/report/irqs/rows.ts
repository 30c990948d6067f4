/** The cells of a table of interrupts, for text and Markdown alike. */
import { formatList } from '../../lib/cpumask.ts';
import { errnoName } from '../../lib/errno.ts';
import type { Interrupt, InterruptRange } from '../../questions/irqs/irqs.ts';

export const HEAD = ['irq', 'device', 'queue', 'affinity', 'effective', 'managed', 'write', 'remarks'];

/** What is to be known under the table. */
export const LEGEND =
  'write: what a write of an online CPU to /proc/irq/N/smp_affinity gives. In a row of several interrupts the CPUs are those of all together.';

const span = (first: number, last: number): string => (first === last ? `${first}` : `${first}-${last}`);

function remarks({ online, reachable, isolated }: Interrupt): string {
  return [online ? '' : 'CPU offline', reachable ? '' : 'CPU not reachable', isolated ? 'isolated' : '']
    .filter((remark) => remark !== '')
    .join(', ');
}

/** One row a range. */
export function irqCells({ first, last, affinity, effective }: InterruptRange): string[] {
  return [
    span(first.irq, last.irq),
    first.device,
    first.queue === null || last.queue === null ? '-' : span(first.queue, last.queue),
    affinity.toString(),
    formatList(effective),
    first.managed ? 'yes' : 'no',
    first.errno === null ? 'ok' : errnoName(first.errno),
    remarks(first),
  ];
}

/** "65 interrupts on Linux 6.12, 1 movable", or what a list without rows means. */
export function countText(interrupts: readonly Interrupt[], movableOnly: boolean, kernel: string): string {
  const n = interrupts.length;
  const noun = n === 1 ? 'interrupt' : 'interrupts';
  if (movableOnly)
    return n === 0
      ? `No interrupt of a device can be moved on Linux ${kernel}.`
      : `${n} movable ${noun} on Linux ${kernel}.`;
  if (n === 0) return `No device has an interrupt on Linux ${kernel}.`;
  return `${n} ${noun} on Linux ${kernel}, ${interrupts.filter(({ movable }) => movable).length} movable.`;
}

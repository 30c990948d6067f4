/** The cells of a table of interrupts, for text and Markdown alike. */
import { type CpuMask, formatList } from '../../lib/cpumask.ts';
import { ENOSPC, errnoName } from '../../lib/errno.ts';
import type { Interrupt, InterruptRange } from '../../questions/irqs/irqs.ts';

export const HEAD = ['irq', 'device', 'queue', 'affinity', 'effective', 'managed', 'write', 'remarks'];

/** What is to be known under the table. */
export function legend(to: CpuMask | null): string {
  const cpus = to === null ? 'an online CPU with a free vector' : `CPUs ${to}`;
  return `write: what a write of ${cpus} to /proc/irq/N/smp_affinity gives. In a row of several interrupts the CPUs are those of all together.`;
}

const span = (first: number, last: number): string => (first === last ? `${first}` : `${first}-${last}`);

function remarks({ online, reachable, isolated, movable, errno }: Interrupt): string {
  return [
    online ? '' : 'CPU offline',
    reachable ? '' : 'CPU not reachable',
    isolated ? 'isolated' : '',
    movable
      ? ''
      : errno === ENOSPC
        ? 'no free vector there'
        : errno === null
          ? 'taken, and it stays: no free vector there'
          : '',
  ]
    .filter((remark) => remark !== '')
    .join(', ');
}

/** Columns that a list of CPUs may take; JSON has every list whole. */
const LIST_WIDTH = 28;

/** The list, or where it is long how many there are and between which: "64 CPUs in 7-479". */
function cpusText(list: string, cpus: readonly number[]): string {
  return list.length <= LIST_WIDTH ? list : `${cpus.length} CPUs in ${span(cpus[0], cpus[cpus.length - 1])}`;
}

/** One row a range. */
export function irqCells({ first, last, affinity, effective }: InterruptRange): string[] {
  return [
    span(first.irq, last.irq),
    first.device,
    first.queue === null || last.queue === null ? '-' : span(first.queue, last.queue),
    cpusText(affinity.toString(), affinity.toArray()),
    cpusText(formatList(effective), effective),
    first.managed ? 'yes' : 'no',
    first.errno === null ? 'ok' : errnoName(first.errno),
    remarks(first),
  ];
}

/** "65 interrupts on Linux 6.12, 1 movable", or what a list without rows means. */
export function countText(
  interrupts: readonly Interrupt[],
  movableOnly: boolean,
  kernel: string,
  to: CpuMask | null,
): string {
  const n = interrupts.length;
  const noun = n === 1 ? 'interrupt' : 'interrupts';
  const where = to === null ? '' : ` to CPUs ${to}`;
  if (movableOnly)
    return n === 0
      ? `No interrupt of a device can be moved${where} on Linux ${kernel}.`
      : `${n} ${noun} can be moved${where} on Linux ${kernel}.`;
  if (n === 0) return `No device has an interrupt on Linux ${kernel}.`;
  return `${n} ${noun} on Linux ${kernel}, ${interrupts.filter(({ movable }) => movable).length} movable.`;
}

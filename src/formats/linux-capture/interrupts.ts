/** The interrupts of a running machine: /proc/interrupts, /proc/irq, and the MSI numbers of PCI devices. */
import { rememberLast } from '../../lib/remember-last.ts';
import { type InterruptLine, interruptRows } from '../proc-interrupts/lines.ts';
import { cpuMap } from './cpu-set.ts';
import { numberOf, type Tree, textOf } from './tree.ts';

/** The file. */
export const INTERRUPTS = 'proc/interrupts';

/** The numbered lines of a machine's file, by number: devices, timers, remapping and what is left out are told by them. */
export const interruptLines = rememberLast(
  (tree: Tree): ReadonlyMap<number, InterruptLine> => interruptRows(textOf(tree, INTERRUPTS) ?? ''),
);

/** What /proc/irq/N shows: CPU lists. */
export interface IrqFiles {
  readonly affinity: string | undefined;
  readonly effective: string | undefined;
}

/** The list of a pair of files, or the map that stands beside it. */
function listText(tree: Tree, path: string): string | undefined {
  return textOf(tree, `${path}_list`) ?? cpuMap(tree, path)?.toString();
}

export function irqFiles(tree: Tree, irq: number): IrqFiles {
  return {
    affinity: listText(tree, `proc/irq/${irq}/smp_affinity`),
    effective: listText(tree, `proc/irq/${irq}/effective_affinity`),
  };
}

/** Index in the device's table: the low bits of the hardware number, in all kernels. */
const INDEX_BITS = 0x7ff;

/**
 * Message interrupts of a PCI device, by their index in its table; empty if it has none. Without
 * sys/kernel/irq the order of the numbers is taken for it.
 */
export function messageIrqs(tree: Tree, device: string): number[] {
  return tree
    .list(`sys/bus/pci/devices/${device}/msi_irqs`)
    .filter((name) => /^\d{1,9}$/.test(name))
    .map(Number)
    .sort((a, b) => a - b)
    .map((irq, order) => ({
      irq,
      index: (numberOf(tree, `sys/kernel/irq/${irq}/hwirq`) ?? order) & INDEX_BITS,
    }))
    .sort((a, b) => a.index - b.index || a.irq - b.irq)
    .map(({ irq }) => irq);
}

/** The interrupts of a running machine: /proc/interrupts, /proc/irq, and the MSI numbers of PCI devices. */
import { cpuMap } from './cpu-set.ts';
import { numberOf, type Tree, textOf } from './tree.ts';

/** One line of /proc/interrupts that has a number. */
export interface InterruptLine {
  readonly irq: number;
  /** "IR-PCI-MSIX-0000:00:01.0", "IO-APIC", "HPET_MSI" … */
  readonly chip: string;
  /** The number before -edge or -fasteoi; absent: there is none. */
  readonly hwirq?: number | undefined;
  /** Names of its actions. */
  readonly names: string;
  /** How often it fired, on all CPUs together. */
  readonly count: number;
  /** CPUs that it has a count of. */
  readonly columns: number;
  /** Line of the file, from 1. */
  readonly line: number;
}

/** What the chip of HPET messages is called, in all kernels, remapped or not. */
export const HPET_CHIP = /HPET.MSI/;

/** The file. */
export const INTERRUPTS = 'proc/interrupts';

const LINE = /^\s*(\d+):((?:\s+\d+)+)\s+(\S.*)$/;
const REST = /^(\S+)\s+(?:(\S+)\s+)?(?:Level|Edge|\d*-?(?:edge|fasteoi|level)|\S*-(?:edge|fasteoi))\s*(.*)$/;

function hwirqOf(rest: string): number | undefined {
  const [, number] = /\s(\d{1,15})-(?:edge|fasteoi|level)/.exec(rest) ?? [];
  return number === undefined ? undefined : Number(number);
}

/** The numbered lines, by number. */
export function interruptLines(tree: Tree): Map<number, InterruptLine> {
  const lines = new Map<number, InterruptLine>();
  for (const [index, text] of (textOf(tree, INTERRUPTS) ?? '').split('\n').entries()) {
    const match = LINE.exec(text.trimEnd());
    if (!match) continue;
    const counts = match[2].trim().split(/\s+/).map(Number);
    const rest = REST.exec(match[3]);
    const irq = Number(match[1]);
    lines.set(irq, {
      irq,
      chip: rest?.[1] ?? match[3].split(/\s+/)[0],
      hwirq: hwirqOf(match[3]),
      names: (rest?.[3] ?? '').trim(),
      count: counts.reduce((sum, count) => sum + count, 0),
      columns: counts.length,
      line: index + 1,
    });
  }
  return lines;
}

/**
 * The line that shows a device outside the IOMMU: none of its interrupts is remapped, while those of others are.
 * Undefined: it is inside, nothing is remapped, or it is an IOMMU of AMD itself.
 */
export function unremappedLine(
  lines: ReadonlyMap<number, InterruptLine>,
  irqs: readonly number[],
): InterruptLine | undefined {
  const own = irqs.flatMap((irq) => lines.get(irq) ?? []);
  const outside = own.every(({ chip, names }) => /^PCI-MSI/.test(chip) && !names.startsWith('AMD-Vi'));
  const remaps = [...lines.values()].some(({ chip }) => /^IR-PCI-MSI/.test(chip));
  return outside && remaps ? own[0] : undefined;
}

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

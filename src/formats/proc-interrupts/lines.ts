/** The rows of /proc/interrupts. */

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

const LINE = /^\s*(\d+):((?:\s+\d+)+)\s+(\S.*)$/;
const REST = /^(\S+)\s+(?:(\S+)\s+)?(?:Level|Edge|\d*-?(?:edge|fasteoi|level)|\S*-(?:edge|fasteoi))\s*(.*)$/;

function hwirqOf(rest: string): number | undefined {
  const [, number] = /\s(\d{1,15})-(?:edge|fasteoi|level)/.exec(rest) ?? [];
  return number === undefined ? undefined : Number(number);
}

/** The numbered lines of a text, by number. */
export function interruptRows(file: string): Map<number, InterruptLine> {
  const lines = new Map<number, InterruptLine>();
  for (const [index, text] of file.split('\n').entries()) {
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

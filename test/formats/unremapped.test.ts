/** A device outside the IOMMU, as /proc/interrupts of a captured machine shows it. */
import { expect, test } from 'vitest';
import { type InterruptLine, unremappedLine } from '../../src/formats/proc-interrupts/lines.ts';

const lines = (...chips: readonly [chip: string, names: string][]): Map<number, InterruptLine> =>
  new Map(
    chips.map(([chip, names], index) => [
      index,
      { irq: index, chip, names, count: 1, columns: 1, line: index + 2 },
    ]),
  );

test('none of its interrupts is remapped, while those of others are', () => {
  const found = lines(['IR-PCI-MSIX-0000:00:01.0', 'nvme0q0'], ['PCI-MSIX-0000:20:00.0', 'nvme1q0']);
  expect(unremappedLine(found, [1])?.line).toBe(3);
  expect(unremappedLine(found, [0])).toBeUndefined();
  expect(unremappedLine(found, [7])).toBeUndefined();
});

test('nothing is remapped, it is behind VMD, or an IOMMU of AMD', () => {
  expect(unremappedLine(lines(['PCI-MSI-0000:00:01.0', 'eth0']), [0])).toBeUndefined();
  const others = lines(['IR-PCI-MSI', 'eth0'], ['VMD-MSI', 'nvme0q0'], ['PCI-MSI-0000:00:00.2', 'AMD-Vi']);
  expect(unremappedLine(others, [1])).toBeUndefined();
  expect(unremappedLine(others, [2])).toBeUndefined();
});

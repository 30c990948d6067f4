/** Which devices of a captured machine the IOMMUs cover: by the names of chips, else by DMAR and IVRS. */
import type { Location } from '../../machine/locate.ts';
import type { AcpiTables } from '../acpi/firmware.ts';
import { type BehindOf, coverage, type PciAddress, pciAddress } from '../acpi/scopes.ts';
import { type InterruptLine, unremappedLine } from '../proc-interrupts/lines.ts';
import { findDevices } from './devices.ts';
import { INTERRUPTS, interruptLines } from './interrupts.ts';
import { busesBehind } from './pci-config.ts';
import type { Place } from './place.ts';
import { baseName, type Tree } from './tree.ts';

/** Whether an IOMMU covers a device, and where that is read; `remapped` null: nobody knows. */
export interface Covered {
  readonly remapped: boolean | null;
  readonly at: Location | undefined;
}

/** Asks about a device by its address and interrupts. */
export type CoverageOf = (bdf: string, irqs: readonly number[]) => Covered;

/** Segments from here on are made by Linux: what is behind VMD. */
const MADE_SEGMENTS = 0x10000;

const COVERED: Covered = { remapped: true, at: undefined };

/** True for a device behind VMD, whose messages are an index into VMD's own vectors. */
export function isBehindVmd(bdf: string): boolean {
  return (pciAddress(bdf)?.segment ?? 0) >= MADE_SEGMENTS;
}

/**
 * By the address of a device behind VMD: the name of its controller, if that has interrupts that show. The place of the
 * device in sysfs tells it; without links the only controller is it.
 */
export function vmdControllers(tree: Tree): (bdf: string) => string | undefined {
  const controllers = findDevices(tree).filter(({ linuxDriver }) => linuxDriver === 'vmd');
  return (bdf) => {
    const link = tree.link(`sys/bus/pci/devices/${bdf}`);
    const above = link === undefined ? [] : link.split('/');
    const [only, other] = controllers;
    const found =
      controllers.find((one) => above.includes(one.bdf)) ?? (other === undefined ? only : undefined);
    return found?.device.name;
  };
}

/** "0000:3b:00.0" */
function nameOf({ segment, bus, devfn }: PciAddress): string {
  const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');
  return `${hex(segment, 4)}:${hex(bus, 2)}:${hex(devfn >> 3, 2)}.${devfn & 7}`;
}

/** A virtual function is covered as its physical one is. Undefined: it is not known which that is. */
function requester(tree: Tree, bdf: string): PciAddress | undefined {
  const dir = `sys/bus/pci/devices/${bdf}`;
  if (!tree.list(dir).includes('physfn')) return pciAddress(bdf);
  const link = tree.link(`${dir}/physfn`);
  return link === undefined ? undefined : pciAddress(baseName(link));
}

/** Chips decide where the machine remaps: what runs is not to be guessed. */
function byChips(lines: ReadonlyMap<number, InterruptLine>, irqs: readonly number[], place: Place) {
  const remaps = [...lines.values()].some(({ chip }) => /^IR-PCI-MSI/.test(chip));
  if (!remaps || !irqs.some((irq) => lines.has(irq))) return undefined;
  const outside = unremappedLine(lines, irqs);
  return outside ? { remapped: false, at: place(INTERRUPTS, outside.line) } : COVERED;
}

/** What the machine and its tables tell of the devices. */
export function deviceCoverage(tree: Tree, tables: AcpiTables, place: Place): CoverageOf {
  const lines = interruptLines(tree);
  const listed = new Set(tree.list('sys/bus/pci/devices'));
  const behindOf: BehindOf = (address) =>
    listed.has(nameOf(address)) ? busesBehind(tree, nameOf(address)) : undefined;
  const isCovered = coverage(tables, behindOf);
  const table = tables.get('DMAR') ?? tables.get('IVRS');
  const at = table && { file: table.file, line: 1, column: 1 };
  return (bdf, irqs) => {
    const shown = byChips(lines, irqs, place);
    if (shown || isCovered === undefined) return shown ?? COVERED;
    const address = requester(tree, bdf);
    if (address && address.segment >= MADE_SEGMENTS) return COVERED;
    const covered = address && isCovered(address);
    return covered === true ? COVERED : { remapped: covered ?? null, at };
  };
}

/**
 * Which PCI devices the IOMMUs cover, by the device scopes of DMAR and the device entries of IVRS
 * (docs/model/domains-and-destinations.md#devices-outside-the-iommu).
 */
import { type DeviceEntry, type DrhdUnit, dmarFacts, ivrsFacts } from './platform-tables.ts';
import type { AcpiTable } from './table.ts';

/** A PCI function; `devfn` is device << 3 | function. */
export interface PciAddress {
  readonly segment: number;
  readonly bus: number;
  readonly devfn: number;
}

/** Buses behind a bridge. */
export interface BusRange {
  readonly secondary: number;
  readonly subordinate: number;
}

/** What is behind a function: null: nothing, it is no bridge; undefined: not known. */
export type BehindOf = (address: PciAddress) => BusRange | null | undefined;

/** True: an IOMMU covers it; undefined: it may. */
export type IsCovered = (address: PciAddress) => boolean | undefined;

const ADDRESS = /^(?:([\da-f]{4,5}):)?([\da-f]{2}):([\da-f]{2})\.([0-7])$/i;

/** The address in "0000:3b:00.1" or "3b:00.1"; undefined: there is none. */
export function pciAddress(text: string): PciAddress | undefined {
  const match = ADDRESS.exec(text);
  if (match === null) return undefined;
  const [segment, bus, device, fn] = match.slice(1).map((digits) => Number.parseInt(digits ?? '0', 16));
  return { segment, bus, devfn: (device << 3) | fn };
}

/** What the tables say; undefined: none of them lists devices. */
export function coverage(tables: ReadonlyMap<string, AcpiTable>, behindOf: BehindOf): IsCovered | undefined {
  const dmar = tables.get('DMAR');
  const ivrs = tables.get('IVRS');
  if (dmar) {
    const { remapping, drhds } = dmarFacts(dmar);
    return remapping && drhds.length > 0 ? (address) => inScopes(drhds, address, behindOf) : undefined;
  }
  if (!ivrs) return undefined;
  const { entries } = ivrsFacts(ivrs);
  return ({ segment, bus, devfn }) => isListed(entries, segment, (bus << 8) | devfn);
}

/** A unit with INCLUDE_PCI_ALL takes what is left of its segment. */
function inScopes(drhds: readonly DrhdUnit[], address: PciAddress, behindOf: BehindOf): boolean | undefined {
  const own = drhds.filter(({ segment }) => segment === address.segment);
  if (own.some(({ includesAll }) => includesAll)) return true;
  const answers = own.flatMap(({ segment, scopes }) =>
    scopes.map(({ bus, path }) => inScope(segment, bus, path, address, behindOf)),
  );
  if (answers.includes(true)) return true;
  return answers.includes(undefined) ? undefined : false;
}

/** The path leads from bridge to bridge to a function, which is covered with all that is behind it. */
function inScope(
  segment: number,
  startBus: number,
  path: readonly number[],
  address: PciAddress,
  behindOf: BehindOf,
): boolean | undefined {
  let bus = startBus;
  for (const [index, devfn] of path.entries()) {
    const here = { segment, bus, devfn };
    const isLast = index === path.length - 1;
    if (isLast && address.bus === bus && address.devfn === devfn) return true;
    const behind = behindOf(here);
    if (behind === null) return false;
    // What is behind a bridge has a bus number above that of the bridge itself.
    if (behind === undefined) return address.bus > bus ? undefined : false;
    if (isLast) return address.bus >= behind.secondary && address.bus <= behind.subordinate;
    bus = behind.secondary;
  }
  return false;
}

function isListed(entries: readonly DeviceEntry[], segment: number, id: number): boolean {
  return entries.some((entry) => entry.segment === segment && id >= entry.first && id <= entry.last);
}

/** True if the tables leave open which devices are covered: a DMAR without INCLUDE_PCI_ALL in segment 0. */
export function leavesDevicesOut(tables: ReadonlyMap<string, AcpiTable>): boolean {
  const dmar = tables.get('DMAR');
  if (!dmar) return false;
  const { remapping, drhds } = dmarFacts(dmar);
  const isAll = drhds.some(({ segment, includesAll }) => segment === 0 && includesAll);
  return remapping && drhds.length > 0 && !isAll;
}

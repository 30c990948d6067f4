/** The order in which Linux finds the devices of a QEMU command line, by their PCI addresses. */
import { inPciOrder, type PciPlace } from '../pci-order.ts';
import type { QemuDevice } from './facts.ts';
import { isOnMmio } from './known-devices.ts';
import type { Family, MachineType } from './machine-type.ts';

export interface NamedDevice {
  readonly device: QemuDevice;
  readonly driver: string;
  readonly name: string;
}

/** Drivers of bridges: what hangs on their ID is on a bus of its own. */
const BRIDGES =
  /^(?:pcie-root-port|ioh3420|pci-bridge|pcie-pci-bridge|i82801b11-bridge|x3130-upstream|xio3130-downstream|pxb|pxb-pcie|cxl-rp)$/;

/** Devices that are not on PCI. */
const NOT_PCI =
  /^(?:usb-(?!ehci|xhci)|isa-|ide-|scsi-|hda-|virtserialport|virtconsole|nvme-ns|nvme-subsys|nvdimm|pc-dimm|pvpanic$|vmgenid|vmcoreinfo|tpm-|intel-iommu|ib700|sb16)/;

const TAKEN: Readonly<Partial<Record<Family, readonly number[]>>> = { q35: [0, 1, 31], i440fx: [0, 1, 2] };

/** A device and where it stands; no place: it is not on PCI. */
export interface Placed<T extends NamedDevice> {
  readonly named: T;
  readonly place: PciPlace | undefined;
  /** The bus behind it. */
  readonly opens: number | undefined;
  /** Somebody wrote the place. */
  readonly isWritten: boolean;
}

/** Where devices stand: at their addresses; the others in the first free slots, in the order of the command line. */
export function placed<T extends NamedDevice>(
  devices: readonly T[],
  type: MachineType,
): readonly Placed<T>[] {
  const buses = new Map<string, number>();
  for (const { device, driver } of devices) {
    if (device.id !== undefined && BRIDGES.test(driver)) buses.set(device.id, buses.size + 1);
  }
  const taken = new Map<number, Set<number>>([[0, new Set(takenSlots(type))]]);
  const busOf = ({ props }: QemuDevice) => buses.get(props.get('bus')?.value ?? '') ?? 0;
  const slots = (bus: number) => {
    const found = taken.get(bus) ?? new Set<number>();
    taken.set(bus, found);
    return found;
  };
  for (const { device } of devices) {
    const address = addressOf(device);
    if (address) slots(busOf(device)).add(address.slot);
  }
  return devices.map((named): Placed<T> => {
    const { device, driver } = named;
    const opens = device.id === undefined ? undefined : buses.get(device.id);
    if (NOT_PCI.test(driver) || isOnMmio(driver)) return { named, place: undefined, opens, isWritten: false };
    const bus = busOf(device);
    const address = addressOf(device);
    const place = { bus, ...(address ?? { slot: freeSlot(slots(bus)), function: 0 }) };
    return { named, place, opens, isWritten: address !== undefined };
  });
}

/** Slots that the machine itself has taken on its root bus. */
export const takenSlots = (type: MachineType): readonly number[] => TAKEN[type.family] ?? [0];

/** The order in which Linux finds devices. Without any address the order stays. */
export function inProbeOrder<T extends NamedDevice>(devices: readonly T[], type: MachineType): readonly T[] {
  if (!devices.some(({ device }) => device.props.has('addr'))) return devices;
  return inPciOrder(placed(devices, type)).map(({ named }) => named);
}

/** "0x8", "3.1", both hexadecimal. */
function addressOf({ props }: QemuDevice): Omit<PciPlace, 'bus'> | undefined {
  const match = /^(?:0x)?([\da-f]{1,2})(?:\.(?:0x)?([0-7]))?$/i.exec(props.get('addr')?.value ?? '');
  return match ? { slot: Number.parseInt(match[1], 16), function: Number(match[2] ?? 0) } : undefined;
}

function freeSlot(taken: Set<number>): number {
  let slot = 0;
  while (taken.has(slot)) slot++;
  taken.add(slot);
  return slot;
}

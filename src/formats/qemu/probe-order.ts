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

/** Slots that the machine has taken on its root bus. */
const TAKEN: Readonly<Partial<Record<Family, readonly number[]>>> = { q35: [0, 1, 31], i440fx: [0, 1, 2] };

/**
 * Devices with addresses stand where those put them; the others get the first free slots in the order of the command
 * line, as QEMU gives them. Without any address the order stays.
 */
export function inProbeOrder<T extends NamedDevice>(devices: readonly T[], type: MachineType): readonly T[] {
  if (!devices.some(({ device }) => device.props.has('addr'))) return devices;
  const buses = new Map<string, number>();
  for (const { device, driver } of devices) {
    if (device.id !== undefined && BRIDGES.test(driver)) buses.set(device.id, buses.size + 1);
  }
  const taken = new Map<number, Set<number>>([[0, new Set(TAKEN[type.family] ?? [0])]]);
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
  const placed = devices.map((named) => {
    const { device, driver } = named;
    const opens = device.id === undefined ? undefined : buses.get(device.id);
    if (NOT_PCI.test(driver) || isOnMmio(driver)) return { named, place: undefined, opens };
    const bus = busOf(device);
    const address = addressOf(device) ?? { slot: freeSlot(slots(bus)), function: 0 };
    return { named, place: { bus, ...address }, opens };
  });
  return inPciOrder(placed).map(({ named }) => named);
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

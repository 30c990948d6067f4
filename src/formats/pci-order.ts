/**
 * The order in which Linux finds PCI devices: all of a bus by device and function number, then the buses behind its
 * bridges, each whole, in the order of the bridges (pci_scan_child_bus). Drivers probe in that order.
 */

export interface PciPlace {
  readonly bus: number;
  readonly slot: number;
  readonly function: number;
}

export interface PciDevice {
  /** Undefined where the input gives no address. */
  readonly place: PciPlace | undefined;
  /** The bus behind a bridge, by the number that places use. */
  readonly opens?: number | undefined;
}

const devfn = ({ slot, function: part }: PciPlace): number => slot * 8 + part;

/**
 * The devices in the order in which they are found. Those without a place stay where they are: the others share out
 * their positions. Bus 0 is the root; buses that no bridge opens come after it, by number.
 */
export function inPciOrder<T extends PciDevice>(devices: readonly T[]): readonly T[] {
  const buses = new Map<number, T[]>();
  for (const device of devices) {
    if (!device.place) continue;
    const on = buses.get(device.place.bus) ?? [];
    buses.set(device.place.bus, [...on, device]);
  }
  const found: T[] = [];
  const visit = (bus: number) => {
    const on = buses.get(bus)?.filter(({ place }) => place !== undefined) ?? [];
    buses.delete(bus);
    on.sort((a, b) => (a.place && b.place ? devfn(a.place) - devfn(b.place) : 0));
    found.push(...on);
    for (const { opens } of on) if (opens !== undefined) visit(opens);
  };
  visit(0);
  const behind = new Set(devices.map(({ opens }) => opens));
  for (const bus of [...buses.keys()].sort((a, b) => a - b)) if (!behind.has(bus)) visit(bus);
  for (const bus of [...buses.keys()].sort((a, b) => a - b)) visit(bus);
  const next = found.values();
  return devices.map((device) => (device.place ? (next.next().value ?? device) : device));
}

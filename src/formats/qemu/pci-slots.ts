/** PCI places that QEMU refuses, and devices at places where Linux does not look (measured on 7.2; pci_scan_slot). */
import { groupBy } from '../../lib/group-by.ts';
import type { Notes } from '../notes.ts';
import type { PciPlace } from '../pci-order.ts';
import type { QemuDevice, QemuMachine } from './facts.ts';
import type { MachineType } from './machine-type.ts';
import { type NamedDevice, type Placed, placed, takenSlots } from './probe-order.ts';
import { deviceMessage, isOn } from './props.ts';

/** Ports: PCI Express has one device behind each, in slot 0, and Linux looks for no other (only_one_child). */
const PORTS = /^(?:pcie-root-port|ioh3420|xio3130-downstream|cxl-rp|cxl-downstream)$/;

/** Linux looks at all slots behind ports then. */
const SCAN_ALL = /(?:^|\s)pci=(?:[^\s]*,)?pcie_scan_all/;

type Stands<T extends NamedDevice> = Placed<T> & { readonly place: PciPlace };

/** Checks the places of all devices; `notes` get what is refused, and what Linux does not find. */
export function checkSlots<T extends NamedDevice>(
  devices: readonly T[],
  type: MachineType,
  { cmdline }: QemuMachine,
  notes: Notes,
): void {
  const all = placed(devices, type);
  const ids = all.filter(({ opens }) => opens !== undefined).map(({ named }) => named.device.id);
  const names = new Set([undefined, type.family === 'q35' ? 'pcie.0' : 'pci.0', ...ids]);
  const standing = all.filter((one): one is Stands<T> => one.place !== undefined && isOnBus(one, names));
  const bySlot = groupBy(standing, slotOf);
  for (const slot of bySlot.values()) refuseSlot(slot, notes);
  const ports = new Set(all.filter(({ named }) => PORTS.test(named.driver)).map(({ opens }) => opens));
  const scansAll = SCAN_ALL.test(cmdline?.value ?? '');
  for (const one of standing) {
    const { place } = one;
    const slot = bySlot.get(slotOf(one)) ?? [];
    const isOwn = place.bus === 0 && takenSlots(type).includes(place.slot);
    if (ports.has(place.bus) && place.slot > 0 && !scansAll)
      nameHidden(one, 'it is in slot 1 or higher behind a port', notes);
    else if (!isOwn && slot.every((other) => other.place.function > 0))
      nameHidden(one, 'nothing is at function 0 of its slot', notes);
  }
}

const slotOf = <T extends NamedDevice>({ place }: Stands<T>): string => `${place.bus} ${place.slot}`;

/** True for a device of a command line on one of the buses that are known; other files may make further ones. */
function isOnBus<T extends NamedDevice>(
  { named }: Placed<T>,
  names: ReadonlySet<string | undefined>,
): boolean {
  return named.device.option !== undefined && names.has(named.device.props.get('bus')?.value);
}

function nameHidden<T extends NamedDevice>({ named, place }: Stands<T>, why: string, notes: Notes): void {
  const { device, name } = named;
  const at = device.props.get('addr')?.at ?? device.at;
  const where = `${place.slot.toString(16)}.${place.function}`;
  notes.notUnderstood(`${name} at ${where}: ${why}, so Linux does not find it`, at, ['devices']);
}

/** Two devices at one place, and functions beside a device that says it has one: what QEMU says first. */
function refuseSlot<T extends NamedDevice>(slot: readonly Stands<T>[], notes: Notes): void {
  const byFunction = new Map<number, Stands<T>>();
  for (const one of slot) {
    const { device } = one.named;
    const message = refusal(one, byFunction);
    if (message !== undefined && one.isWritten) {
      notes.fail(deviceMessage(device, message), device.at);
      return;
    }
    byFunction.set(one.place.function, one);
  }
}

function refusal<T extends NamedDevice>(
  { named, place }: Stands<T>,
  before: ReadonlyMap<number, Stands<T>>,
): string | undefined {
  const { device } = named;
  const twin = before.get(place.function)?.named.device;
  const slot = place.slot.toString(16);
  if (twin) {
    const where = `PCI: slot ${place.slot} function ${place.function}`;
    return `${where} not available for ${device.driver}, in use by ${twin.driver},id=${twin.id ?? '(null)'}`;
  }
  const first = before.get(0)?.named.device;
  if (first && !isMultifunction(first))
    return `PCI: single function device can't be populated in function ${slot}.${place.function}`;
  const [other] = before.keys();
  if (place.function > 0 || other === undefined || isMultifunction(device)) return undefined;
  return `PCI: ${slot}.0 indicates single function, but ${slot}.${other} is already populated.`;
}

const isMultifunction = ({ props }: QemuDevice): boolean => isOn(props.get('multifunction'));

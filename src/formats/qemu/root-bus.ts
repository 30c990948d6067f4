/**
 * The root bus that a device is on: whether it is outside the IOMMU, and its NUMA node
 * (docs/model/domains-and-destinations.md#devices-outside-the-iommu).
 */
import type { Fact, QemuDevice, QemuMachine } from './facts.ts';
import { numberFact, switchFact } from './props.ts';

/** Devices that make a root bus of their own. */
const ROOT_BUSES = /^pxb(?:-pcie|-cxl)?$/;

/** The device that makes a device's root bus, however many bridges lie between; undefined: the machine's own. */
function rootBusOf(device: QemuDevice, machine: QemuMachine): QemuDevice | undefined {
  const seen = new Set<QemuDevice>();
  let at: QemuDevice | undefined = device;
  while (at !== undefined && !seen.has(at)) {
    seen.add(at);
    const bus: string | undefined = at.props.get('bus')?.value;
    at = bus === undefined ? undefined : machine.devices.find(({ id }) => id === bus);
    if (at !== undefined && ROOT_BUSES.test(at.driver)) return at;
  }
  return undefined;
}

/** The switch of the root bus that a device is on; undefined: nobody wrote it. */
export function bypassOf(device: QemuDevice, machine: QemuMachine): Fact<boolean> | undefined {
  const root = rootBusOf(device, machine);
  return root ? switchFact(root.props, 'bypass_iommu') : machine.defaultBusBypass;
}

/** The node of the root bus that a device is on; undefined: it has none. */
export function nodeOf(device: QemuDevice, machine: QemuMachine): Fact<number> | undefined {
  const root = rootBusOf(device, machine);
  return root && numberFact(root.props, 'numa_node');
}

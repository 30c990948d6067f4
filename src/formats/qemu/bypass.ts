/** Which devices are outside the IOMMU: those whose root bus bypasses it (docs/model/domains-and-destinations.md#devices-outside-the-iommu). */
import type { Fact, QemuDevice, QemuMachine } from './facts.ts';
import { switchFact } from './props.ts';

/** Devices that make a root bus of their own. */
const ROOT_BUSES = /^pxb(?:-pcie|-cxl)?$/;

/** The switch of the root bus that a device is on, however many bridges lie between; undefined: nobody wrote it. */
export function bypassOf(device: QemuDevice, machine: QemuMachine): Fact<boolean> | undefined {
  const seen = new Set<QemuDevice>();
  let at: QemuDevice | undefined = device;
  while (at !== undefined && !seen.has(at)) {
    seen.add(at);
    const bus: string | undefined = at.props.get('bus')?.value;
    at = bus === undefined ? undefined : machine.devices.find(({ id }) => id === bus);
    if (at !== undefined && ROOT_BUSES.test(at.driver)) return switchFact(at.props, 'bypass_iommu');
  }
  return machine.defaultBusBypass;
}

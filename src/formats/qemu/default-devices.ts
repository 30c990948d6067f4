/** What a machine has without being asked: network devices and disk controllers (docs/model/importing.md#qemu-devices). */
import type { QemuDevice, QemuMachine } from './facts.ts';
import { type MachineType, since } from './machine-type.ts';
import type { QemuOption } from './option.ts';

/** Stands for a network device whose model nobody writes: `-nic user`. */
export const DEFAULT_NIC = 'the default network device';

/** Options each of which keeps QEMU from adding a network device by itself. */
const NETWORK = ['nic', 'net', 'netdev'];

/** True if QEMU adds a network device to what these options say. */
export const addsNetwork = (options: readonly QemuOption[]): boolean =>
  !options.some(({ name }) => name === 'nodefaults' || NETWORK.includes(name));

/** The model of a network device that has none; undefined where nobody knows it here. */
function nicModel(type: MachineType): string | undefined {
  switch (type.family) {
    case 'q35':
      return since(type, 'q35-has-e1000e') ? 'e1000e' : 'e1000';
    case 'i440fx':
      return 'e1000';
    case 'isapc':
      return 'ne2k_isa';
    case 'xenfv':
      return 'rtl8139';
    default:
      return undefined;
  }
}

/** The devices that are asked for, each with a model; what QEMU adds by itself is said and left out. */
export function withModels(
  { devices, additions }: QemuMachine,
  type: MachineType,
  assume: (text: string) => void,
): readonly QemuDevice[] {
  const model = nicModel(type);
  if (additions && type.family === 'q35')
    assume('every q35 has a SATA controller (ich9-ahci, one vector), which is left out');
  if (additions?.network && model === 'e1000e')
    assume('without -nodefaults, -nic and -netdev it adds an e1000e (5 vectors), which is left out');
  return devices.map((device) =>
    device.driver === DEFAULT_NIC ? { ...device, driver: model ?? DEFAULT_NIC } : device,
  );
}

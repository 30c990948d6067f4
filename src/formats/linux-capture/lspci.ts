/** Devices of a machine whose sys/bus/pci was not kept: `lspci -nnvv` of a sosreport or a supportconfig. */
import { driverOfLinux, driverOfVirtio } from '../../machine/driver-names.ts';
import type { DescribedDevice } from '../description-builder.ts';
import { type Tree, textOf } from './tree.ts';

/** Where it may be. */
const FILES: readonly string[] = [
  'sos_commands/pci/lspci_-nnvv',
  'sos_commands/pci/lspci',
  'lspci',
  'lspci.txt',
];

/** A device as lspci shows it. */
export interface ListedDevice {
  readonly device: DescribedDevice;
  /** Linux driver; "" if none is bound. */
  readonly linuxDriver: string;
  readonly path: string;
  /** Line of its address, from 1; absent: the path is that of the device. */
  readonly line?: number;
}

const ADDRESS = /^(?:[\da-f]{4,5}:)?[\da-f]{2}:[\da-f]{2}\.[\da-f] /;

/** Devices that use message interrupts, in the order of their addresses; none if there is no such file. */
export function listedDevices(tree: Tree): ListedDevice[] {
  const path = FILES.find((file) => ADDRESS.test(textOf(tree, file) ?? ''));
  if (path === undefined) return [];
  const lines = (textOf(tree, path) ?? '').split('\n');
  const starts = lines.flatMap((line, index) => (ADDRESS.test(line) ? [index] : []));
  return starts.flatMap((start, index) => {
    const found = deviceOf(lines.slice(start, starts[index + 1]));
    return found ? [{ ...found, path, line: start + 1 }] : [];
  });
}

function deviceOf(lines: readonly string[]): Omit<ListedDevice, 'path' | 'line'> | undefined {
  const text = lines.join('\n');
  const [, vendor, id] = /\[([\da-f]{4}):([\da-f]{4})\]/.exec(lines[0]) ?? [];
  const linuxDriver = /^\s*Kernel driver in use: (\S+)/m.exec(text)?.[1] ?? '';
  const [, table] = /MSI-X: Enable\+ Count=(\d+)/.exec(text) ?? [];
  const [, messages] = /MSI: Enable\+ Count=(\d+)\/\d+/.exec(text) ?? [];
  const vectors = table ?? messages;
  if (vectors === undefined) return undefined;
  const virtio = vendor === '1af4' ? driverOfVirtio(id) : undefined;
  const driver = table === undefined ? 'generic' : (virtio ?? driverOfLinux(linuxDriver));
  const node = /^\s*NUMA node: (\d+)/m.exec(text)?.[1];
  return {
    device: {
      name: lines[0].slice(0, lines[0].indexOf(' ')),
      driver,
      vectors: Number(vectors),
      interrupts: table === undefined && Number(vectors) > 1 ? 'msi' : undefined,
      node: node === undefined ? undefined : Number(node),
    },
    linuxDriver,
  };
}

/** Devices by their lines in /proc/interrupts: by the PCI address of the message, and the names of drivers. */
import type { DriverName } from '../../machine/driver-names.ts';
import type { DescribedDevice } from '../description-builder.ts';
import { type InterruptLine, unremappedLine } from './lines.ts';

/** Lines of one driver: group 1 is the name of the device; what names a queue is counted. */
interface Naming {
  readonly driver: DriverName;
  readonly names: RegExp;
  /** Lines of queues; absent: what the driver uses is not told by names. */
  readonly queue?: RegExp;
}

/** As the drivers name their interrupts, 5.4 to 7.3 (captures). The first row that fits counts. */
const NAMINGS: readonly Naming[] = [
  { driver: 'nvme', names: /^(nvme\d+)q\d+$/, queue: /q[1-9]\d*$/ },
  { driver: 'virtio-net', names: /^(virtio\d+)-(?:input|output)\.\d+$/, queue: /-input\.\d+$/ },
  { driver: 'virtio-blk', names: /^(virtio\d+)-req\.\d+$/, queue: /-req\.\d+$/ },
  { driver: 'virtio-fs', names: /^(virtio\d+)-(?:hiprio|requests?\.\d+)$/, queue: /-requests?\.\d+$/ },
  { driver: 'virtio-scsi', names: /^(virtio\d+)-(?:control|event|request)$/, queue: /-request$/ },
  { driver: 'megaraid_sas', names: /^(megasas\d+)-msix\d+$/ },
  { driver: 'mpt3sas', names: /^(mpt[23]sas\d+)-msix\d+$/ },
  { driver: 'mpi3mr', names: /^(mpi3mr\d+)-msix\d+$/ },
];

/** "0000:00:02.0" of a chip, else of a hardware number, which holds bus, device and function above the index; else null. */
export function addressOf({ chip, hwirq }: InterruptLine): string | null {
  const [, inChip] = /PCI-MSIX?-([\da-f]{4,}:[\da-f]{2}:[\da-f]{2}\.[\da-f])$/.exec(chip) ?? [];
  if (inChip !== undefined) return inChip;
  if (!/PCI-MSI/.test(chip) || hwirq === undefined) return null;
  const hex = (n: number, width: number) => n.toString(16).padStart(width, '0');
  const devfn = Math.floor(hwirq / 2 ** 11) % 2 ** 16;
  const domain = Math.floor(hwirq / 2 ** 27);
  return `${hex(domain, 4)}:${hex(devfn >>> 8, 2)}:${hex((devfn >>> 3) & 31, 2)}.${devfn & 7}`;
}

/** A device, and the line of its first interrupt. */
export interface LinedDevice {
  readonly device: DescribedDevice;
  /** PCI address. */
  readonly address: string;
  readonly line: number;
  readonly irqs: readonly number[];
  /** The names do not tell what the driver could use besides. */
  readonly open: boolean;
}

function deviceOf(address: string, lines: readonly InterruptLine[]): LinedDevice {
  const names = lines.flatMap((one) => one.names.split(',').map((name) => name.trim().split('@')[0]));
  const naming = NAMINGS.find((one) => names.some((name) => one.names.test(name)));
  const name = names.flatMap((one) => naming?.names.exec(one)?.[1] ?? [])[0] ?? address;
  const queues = naming?.queue && names.filter((one) => naming.queue?.test(one)).length;
  const driver = naming?.driver ?? 'generic';
  const device = { name, driver, vectors: lines.length, queues: queues || undefined };
  const irqs = lines.map(({ irq }) => irq);
  return { device, address, line: lines[0].line, irqs, open: driver !== 'generic' };
}

/** Devices that send messages, by the number of their first interrupt; those outside the IOMMU say so. */
export function describedDevices(lines: readonly InterruptLine[]): LinedDevice[] {
  const byNumber = new Map(lines.map((one) => [one.irq, one]));
  return linedDevices(lines).map((one) =>
    unremappedLine(byNumber, one.irqs) === undefined
      ? one
      : { ...one, device: { ...one.device, remapped: false } },
  );
}

function linedDevices(lines: readonly InterruptLine[]): LinedDevice[] {
  const byAddress = new Map<string, InterruptLine[]>();
  for (const line of [...lines].sort((a, b) => a.irq - b.irq)) {
    const address = addressOf(line);
    if (address === null) continue;
    const own = byAddress.get(address);
    if (own) own.push(line);
    else byAddress.set(address, [line]);
  }
  return [...byAddress].map(([address, own]) => deviceOf(address, own));
}

/**
 * Device models: queues and MSI-X vectors by default, and the Linux driver
 * (docs/model/importing.md#qemu-devices).
 */
import { lookup } from '../../lib/lookup.ts';
import type { DriverName } from '../../machine/driver-names.ts';
import type { MachineType } from './machine-type.ts';
import { since } from './machine-type.ts';

/** What defaults of a device may depend on. */
export interface DeviceContext {
  readonly type: MachineType;
  /** `-smp` cpus: CPUs at start. */
  readonly cpus: number;
  /** An IOMMU remaps interrupts. */
  readonly remaps: boolean;
  /** NUMA nodes with CPUs. */
  readonly nodes: ReadonlySet<number>;
}

export interface DeviceModel {
  /** irqsim's driver profile. */
  readonly driver: DriverName;
  /** Property with the number of queues; a queue pair counts once. */
  readonly queueKey?: string;
  readonly maxQueues?: number;
  /** What QEMU says of more queues than that; undefined: it takes as many as there can be. */
  readonly tooMany?: (queues: number) => string;
  /** Queues when nothing is written, and why (undefined: a fixed number). */
  readonly queues?: (context: DeviceContext) => { readonly count: number; readonly because?: string };
  /** An older property of the same, which counts the queue of the controller too. */
  readonly oldQueueKey?: string;
  /** Vectors that the driver takes of a table, by the ports of the device; undefined: all that it wants. */
  readonly taken?: (table: number, ports: number) => number;
  /** Property with the size of the MSI-X table. */
  readonly vectorKey: string;
  /** Size of the MSI-X table when nothing is written; 0: no MSI-X. */
  readonly vectors: (queues: number, context: DeviceContext) => number;
}

/** Largest MSI-X table. */
export const MAX_VECTORS = 2048;

function followsCpus({ type, cpus }: DeviceContext) {
  return since(type, 'queues-follow-cpus')
    ? { count: cpus, because: `one queue a CPU at start (-smp cpus=${cpus})` }
    : { count: 1, because: `one queue on machine type ${type.name}` };
}

const blk: DeviceModel = {
  driver: 'virtio-blk',
  queueKey: 'num-queues',
  maxQueues: 1024,
  queues: followsCpus,
  vectorKey: 'vectors',
  vectors: (queues, { type }) => (since(type, 'blk-vectors-follow-queues') ? queues + 1 : 2),
};

const scsi: DeviceModel = {
  driver: 'virtio-scsi',
  queueKey: 'num_queues',
  maxQueues: 1022,
  tooMany: (queues) => `Invalid number of queues (= ${queues}), must be a positive integer less than 1022.`,
  queues: followsCpus,
  vectorKey: 'vectors',
  vectors: (queues) => queues + 3,
};

/** Devices with a fixed number of vectors, not spread by the kernel. */
function plain(vectors: number, needs?: Parameters<typeof since>[1]): DeviceModel {
  return {
    driver: 'generic',
    vectorKey: 'vectors',
    vectors: (_, { type }) => (needs && !since(type, needs) ? 0 : vectors),
  };
}

export const DEVICE_MODELS = {
  'virtio-blk-pci': blk,
  'vhost-user-blk-pci': blk,
  'virtio-scsi-pci': scsi,
  'vhost-scsi-pci': scsi,
  'vhost-user-scsi-pci': scsi,
  'virtio-net-pci': {
    driver: 'virtio-net',
    queues: () => ({ count: 1 }),
    vectorKey: 'vectors',
    vectors: (pairs, { type }) => (since(type, 'net-vectors-follow-queues') ? 2 * pairs + 2 : 3),
  },
  nvme: {
    driver: 'nvme',
    queueKey: 'max_ioqpairs',
    oldQueueKey: 'num_queues',
    maxQueues: 65_535,
    queues: () => ({ count: 64, because: '64 I/O queues' }),
    vectorKey: 'msix_qsize',
    vectors: () => 65,
  },
  'vhost-user-fs-pci': {
    driver: 'virtio-fs',
    queueKey: 'num-request-queues',
    maxQueues: 1024,
    queues: () => ({ count: 1, because: 'one request queue' }),
    vectorKey: 'vectors',
    vectors: (queues) => queues + 2,
  },
  'virtio-rng-pci': plain(2, 'rng-has-vectors'),
  'virtio-balloon-pci': plain(2, 'balloon-has-vectors'),
  // virtio_console asks for two vectors a port and two more at once, and falls back to two (init_vqs).
  'virtio-serial-pci': {
    ...plain(2),
    taken: (table, ports) => (table >= 2 * ports + 2 ? 2 * ports + 2 : Math.min(table, 2)),
  },
  'virtio-crypto-pci': plain(2),
  'virtio-keyboard-pci': plain(2),
  'virtio-mouse-pci': plain(2),
  'virtio-tablet-pci': plain(2),
  'virtio-input-host-pci': plain(2),
  'virtio-multitouch-pci': plain(2),
  'virtio-sound-pci': plain(2),
  'virtio-mem-pci': plain(2),
  'virtio-pmem-pci': plain(2),
  'vhost-user-rng-pci': plain(2),
  'vhost-user-input-pci': plain(2),
  'virtio-gpu-pci': plain(3),
  'virtio-gpu-gl-pci': plain(3),
  'virtio-vga': plain(3),
  'virtio-vga-gl': plain(3),
  'vhost-user-gpu-pci': plain(3),
  'vhost-user-vga': plain(3),
  'vhost-user-vsock-pci': plain(3),
  'ivshmem-doorbell': plain(1),
  megasas: plain(1),
  'megasas-gen2': plain(1),
  pvscsi: plain(1),
  'virtio-9p-pci': plain(2),
  'vhost-vsock-pci': plain(3),
  e1000e: plain(5),
  igb: plain(10),
  igbvf: plain(3),
  vmxnet3: plain(25),
} satisfies Readonly<Record<string, DeviceModel>>;

/** Devices of the host: nobody knows their queues here. */
export const HOST_DEVICES: readonly string[] = [
  'vfio-pci',
  'vfio-pci-nohotplug',
  'xen-pci-passthrough',
  'vhost-vdpa-device-pci',
];

const SHORT = {
  virtio: 'virtio-net-pci',
  'virtio-blk': 'virtio-blk-pci',
  'virtio-net': 'virtio-net-pci',
  'virtio-scsi': 'virtio-scsi-pci',
  'virtio-rng': 'virtio-rng-pci',
  'virtio-balloon': 'virtio-balloon-pci',
  'virtio-serial': 'virtio-serial-pci',
  'virtio-9p': 'virtio-9p-pci',
  'virtio-gpu': 'virtio-gpu-pci',
  'virtio-keyboard': 'virtio-keyboard-pci',
  'virtio-mouse': 'virtio-mouse-pci',
  'virtio-tablet': 'virtio-tablet-pci',
  'virtio-input-host': 'virtio-input-host-pci',
  'vhost-user-blk': 'vhost-user-blk-pci',
  'vhost-user-fs': 'vhost-user-fs-pci',
  'vhost-vsock': 'vhost-vsock-pci',
  'virtio-crypto': 'virtio-crypto-pci',
  'virtio-sound': 'virtio-sound-pci',
} as const;

/** "virtio-blk-pci-non-transitional" and the alias "virtio-blk" are virtio-blk-pci. */
export function plainDriver(name: string): string {
  const base = name.replace(/-(?:non-)?transitional$/, '');
  return lookup(SHORT, base) ?? base;
}

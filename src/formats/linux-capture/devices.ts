/** The PCI devices of a machine that have message interrupts, as devices of a description. */
import { type DriverName, driverOfLinux } from '../../machine/driver-names.ts';
import type { DescribedDevice } from '../description-builder.ts';
import { messageIrqs } from './interrupts.ts';
import { msixTableSize } from './pci-config.ts';
import { baseName, numberOf, type Tree } from './tree.ts';

/** A device with what the machine shows of it. */
export interface FoundDevice {
  readonly bdf: string;
  /** Linux driver, e.g. "virtio-pci"; "" if none is bound. */
  readonly linuxDriver: string;
  readonly device: DescribedDevice;
  /** Its message interrupts, by index in the MSI-X table. */
  readonly irqs: readonly number[];
  /** The interrupts are MSI-X, not MSI. */
  readonly msix: boolean;
}

/** How the queues and vectors of a driver's devices are counted. */
interface Recipe {
  /** Vectors that the driver can use, where they are not those of the table. */
  readonly vectors?: (tree: Tree, bdf: string) => number | undefined;
  readonly queues?: (tree: Tree, dir: string, table: number | undefined) => number | undefined;
}

const dirsBelow = (tree: Tree, dir: string, kind: string): string[] =>
  tree.list(`${dir}/${kind}`).map((name) => `${dir}/${kind}/${name}`);

/** I/O queues that an nvme controller runs with; fewer than the CPUs allow tell what it offers. */
function nvmeQueues(tree: Tree, dir: string, table: number | undefined): number | undefined {
  if (table !== undefined) return undefined;
  const [controller] = dirsBelow(tree, dir, 'nvme');
  const count = controller === undefined ? undefined : numberOf(tree, `${controller}/queue_count`);
  return count === undefined || count < 2 ? undefined : count - 1;
}

function blockQueues(tree: Tree, dir: string): number | undefined {
  const [disk] = dirsBelow(tree, dir, 'block');
  const queues = disk === undefined ? 0 : tree.list(`${disk}/mq`).length;
  return queues || undefined;
}

/** MFI adapters: the megaraid_sas driver knows reply queues of fusion adapters only. */
const MFI_IDS: ReadonlySet<number> = new Set([0x60, 0x71, 0x73, 0x78, 0x79, 0x7c, 0x411, 0x413]);

function megaraidVectors(tree: Tree, bdf: string): number | undefined {
  const id = numberOf(tree, `sys/bus/pci/devices/${bdf}/device`);
  return id !== undefined && MFI_IDS.has(id) ? 1 : undefined;
}

/** Queue pairs that a network device offers, as far as the machine shows them. */
function netPairs(tree: Tree, dir: string, table: number | undefined): number | undefined {
  const [net] = dirsBelow(tree, dir, 'net');
  const pairs =
    net === undefined ? 0 : tree.list(`${net}/queues`).filter((name) => name.startsWith('rx-')).length;
  // Those that no CPU needs are not shown; a full table has room for a pair's two vectors.
  return Math.max(pairs, ((table ?? 0) - 2) >> 1) || undefined;
}

const RECIPES: Readonly<Record<Exclude<DriverName, 'generic'>, Recipe>> = {
  nvme: { queues: nvmeQueues },
  'virtio-blk': {
    queues: (tree, dir, table) => (table === undefined ? blockQueues(tree, dir) : undefined),
  },
  'virtio-scsi': {},
  'virtio-net': { queues: netPairs },
  'virtio-fs': {},
  megaraid_sas: { vectors: megaraidVectors },
  mpt3sas: {},
  mpi3mr: {},
  smartpqi: {},
};

/** The driver of the virtio device behind a PCI function, else that of the function. */
function driverOf(tree: Tree, dir: string): { name: string; dir: string } {
  const virtio = tree.list(dir).find((name) => /^virtio\d+$/.test(name));
  const at = virtio === undefined ? dir : `${dir}/${virtio}`;
  const link = tree.link(`${at}/driver`);
  return { name: link === undefined ? '' : baseName(link), dir: at };
}

function isMsix(tree: Tree, dir: string, irq: number): boolean {
  const bytes = tree.read(`${dir}/msi_irqs/${irq}`);
  return bytes === undefined || new TextDecoder().decode(bytes).trim() !== 'msi';
}

function findDevice(tree: Tree, bdf: string, irqs: readonly number[]): FoundDevice {
  const dir = `sys/bus/pci/devices/${bdf}`;
  const { name, dir: at } = driverOf(tree, dir);
  const msix = isMsix(tree, dir, irqs[0]);
  const table = msix ? msixTableSize(tree, bdf) : irqs.length;
  const driver = msix ? driverOfLinux(name) : 'generic';
  const recipe = driver === 'generic' ? undefined : RECIPES[driver];
  const node = numberOf(tree, `${dir}/numa_node`);
  const device: DescribedDevice = {
    name: deviceName(tree, dir, bdf),
    driver,
    vectors: recipe ? (recipe.vectors?.(tree, bdf) ?? table ?? irqs.length) : irqs.length,
    queues: recipe?.queues?.(tree, at, table),
    interrupts: !msix && irqs.length > 1 ? 'msi' : undefined,
    node: node === undefined || node < 0 ? undefined : node,
  };
  return { bdf, linuxDriver: name, device, irqs, msix };
}

/** "nvme0", "virtio3" or "eth0"; else the address. */
function deviceName(tree: Tree, dir: string, bdf: string): string {
  const virtio = tree.list(dir).find((name) => /^virtio\d+$/.test(name));
  return virtio ?? tree.list(`${dir}/nvme`)[0] ?? tree.list(`${dir}/net`)[0] ?? bdf;
}

/** Devices with message interrupts, by the number of the first. */
export function findDevices(tree: Tree): FoundDevice[] {
  return tree
    .list('sys/bus/pci/devices')
    .flatMap((bdf) => {
      const irqs = messageIrqs(tree, bdf);
      return irqs.length === 0 ? [] : [findDevice(tree, bdf, irqs)];
    })
    .sort((a, b) => Math.min(...a.irqs) - Math.min(...b.irqs));
}

/**
 * A QEMU machine as it was written: what a command line, a libvirt domain or a Proxmox configuration says,
 * with the place of each fact. What nobody wrote is undefined; QEMU's defaults come later (resolve.ts).
 */
import type { Location } from '../../machine/machine.ts';
import type { Level } from '../../machine/topology.ts';
import type { UnreadPart } from '../notes.ts';

/** A value and where it was written; `at` is undefined for what a product decided. */
export interface Fact<T> {
  readonly value: T;
  readonly at: Location | undefined;
}

export const SMP_KEYS = [
  'cpus',
  'maxcpus',
  'sockets',
  'dies',
  'clusters',
  'modules',
  'cores',
  'threads',
] as const;
export type SmpKey = (typeof SMP_KEYS)[number];

/** The keys of `-smp` that were written. */
export type SmpFacts = Readonly<Partial<Record<SmpKey, Fact<number>>>>;

/** Properties of an option, by QEMU's name. */
export type Props = ReadonlyMap<string, Fact<string>>;

/** QEMU's names of IOMMUs. */
export type IommuDriver = 'intel-iommu' | 'amd-iommu' | 'virtio-iommu' | 'virtio-iommu-pci';

/** A `-device`, or what makes one. */
export interface QemuDevice<Driver extends string = string> {
  /** QEMU's name, e.g. "virtio-blk-pci". */
  readonly driver: Driver;
  readonly id: string | undefined;
  readonly props: Props;
  readonly at: Location | undefined;
  /** "-device intel-iommu,intremap=on": QEMU puts it before its message. */
  readonly option: string | undefined;
}

/** Inclusive. */
export type IndexRange = readonly [first: number, last: number];

/** `-numa node` */
export interface NumaNode {
  readonly id: number;
  /** CPU indexes. */
  readonly cpus: readonly IndexRange[];
  /** It is said to have memory. */
  readonly memory: boolean;
  readonly at: Location | undefined;
  readonly option: string | undefined;
}

/** Place of a CPU, as `-numa cpu` and cold-plugged CPUs name it. */
export interface CpuPlace {
  readonly 'socket-id'?: number;
  readonly 'die-id'?: number;
  readonly 'module-id'?: number;
  readonly 'core-id'?: number;
  readonly 'thread-id'?: number;
}

/** `-numa cpu`: the CPUs of a place go to a node. */
export interface NumaPlace {
  readonly node: number;
  readonly place: CpuPlace;
  readonly at: Location | undefined;
}

/** A CPU plugged before the guest starts, by `-device …-x86_64-cpu`. */
export interface PluggedCpu {
  /** The model: "qemu64" of "qemu64-x86_64-cpu". */
  readonly model: string;
  readonly place: CpuPlace;
  readonly apicId: number | undefined;
  readonly at: Location | undefined;
  readonly option: string | undefined;
}

export type Irqchip = 'on' | 'off' | 'split';

export interface QemuMachine {
  readonly name: Fact<string> | undefined;
  /** "q35", "pc-q35-9.2"; a suffix such as "+pve0" does not matter. */
  readonly type: Fact<string> | undefined;
  /** "kvm", "tcg", "xen" … */
  readonly accel: Fact<string> | undefined;
  /** The program's name ends in "kvm": KVM without being asked. */
  readonly startedAsKvm: boolean;
  readonly smp: SmpFacts;
  /** Keys of `-smp` that irqsim does not work with: `books`, and those that QEMU does not know. */
  readonly smpOthers: readonly { readonly key: string; readonly fact: Fact<string> }[];
  /** The whole of `-smp`, for what concerns no single key. */
  readonly smpAt: Location | undefined;
  /** What shares an L2 cache (`smp-cache`). */
  readonly l2: Fact<Level> | undefined;
  readonly irqchip: Fact<Irqchip> | undefined;
  readonly cpuModel: Fact<string> | undefined;
  /** "-cpu host,+x2apic" of a command line; products above QEMU have models of their own. */
  readonly cpuOption: string | undefined;
  /** CPU flags that were switched, with "-" in their names: "x2apic", "kvm-msi-ext-dest-id". */
  readonly cpuFlags: ReadonlyMap<string, Fact<boolean>>;
  /** The vendor of `hv-vendor-id`. */
  readonly hvVendor: Fact<string> | undefined;
  /** `confidential-guest-support` names a TDX guest. */
  readonly tdx: Fact<boolean> | undefined;
  /** The machine's own root bus is none of the IOMMU's (`default_bus_bypass_iommu`). */
  readonly defaultBusBypass: Fact<boolean> | undefined;
  /** A microvm has a PCI bus (`pcie`). */
  readonly pcie: Fact<string> | undefined;
  /** The first IOMMU device; QEMU refuses another. */
  readonly iommu: QemuDevice<IommuDriver> | undefined;
  readonly hpet: Fact<boolean> | undefined;
  readonly hpetMsi: Fact<boolean> | undefined;
  readonly hpetTimers: Fact<number> | undefined;
  readonly acpi: Fact<boolean> | undefined;
  readonly numaNodes: readonly NumaNode[];
  readonly numaPlaces: readonly NumaPlace[];
  readonly plugged: readonly PluggedCpu[];
  /** CPU indexes plugged over QMP before the guest runs (libvirt); they are not in `smp.cpus`. */
  readonly hotPlugged: Fact<readonly number[]> | undefined;
  /** Other devices, in order. */
  readonly devices: readonly QemuDevice[];
  /** What QEMU adds by itself; undefined where a product above has its own rules. */
  readonly additions: { readonly network: boolean } | undefined;
  /** `-netdev`, by ID. */
  readonly netdevs: ReadonlyMap<string, Props>;
  /** Kernel parameters of a direct kernel boot. */
  readonly cmdline: Fact<string> | undefined;
  /** Options that newer QEMUs do not know any more, as written. */
  readonly oldOptions: readonly Fact<string>[];
  /** What QEMU says of options that it refuses whatever the machine is. */
  readonly refused: readonly Fact<string>[];
  /** Parts of the input that were not understood. */
  readonly unread: readonly UnreadPart[];
  /** The operating system that the input names, e.g. "Windows"; undefined: nothing is said. */
  readonly guestOs: Fact<string> | undefined;
  /** Further things to tell the user: files that were not read … */
  readonly remarks: readonly string[];
}

/** A machine about which nothing was written, to start from. */
export const NO_FACTS: QemuMachine = {
  name: undefined,
  type: undefined,
  accel: undefined,
  startedAsKvm: false,
  smp: {},
  smpOthers: [],
  smpAt: undefined,
  l2: undefined,
  irqchip: undefined,
  cpuModel: undefined,
  cpuOption: undefined,
  cpuFlags: new Map(),
  hvVendor: undefined,
  tdx: undefined,
  defaultBusBypass: undefined,
  pcie: undefined,
  iommu: undefined,
  hpet: undefined,
  hpetMsi: undefined,
  hpetTimers: undefined,
  acpi: undefined,
  numaNodes: [],
  numaPlaces: [],
  plugged: [],
  hotPlugged: undefined,
  devices: [],
  additions: undefined,
  netdevs: new Map(),
  cmdline: undefined,
  oldOptions: [],
  refused: [],
  unread: [],
  guestOs: undefined,
  remarks: [],
};

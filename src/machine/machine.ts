/**
 * The complete, checked description of one machine: every default filled in, every range expanded.
 * `normalise()` makes it from what a reader found; everything above this floor reads it only.
 */
import type { Cmdline } from './cmdline.ts';
import type { DriverName } from './driver-names.ts';
import type { ExpectedReach } from './expected-reach.ts';
import type { FirmwareCpu } from './firmware-cpu.ts';
import type { DomainName } from './interrupt-domains.ts';
import type { Kernel } from './kernel.ts';
import type { KvmFacts } from './kvm-facts.ts';
import type { Location, Path } from './locate.ts';
import type { NotUnderstood } from './not-understood.ts';
import type { Survival } from './property-names.ts';
import type { ShareParts } from './share-parts.ts';

export type { FirmwareCpu, Location, Path };

export const PLATFORMS = [
  'bare-metal',
  'kvm',
  'hyperv',
  'xen-hvm',
  'xen-pvh',
  'vmware',
  'bhyve',
  'acrn',
  'jailhouse',
  'tcg',
  'other',
] as const;
/** What the kernel runs on. */
export type Platform = (typeof PLATFORMS)[number];

/** How firmware hands over, and what the CPU can do (docs/model/apic-mode.md#inputs). */
export interface X2apic {
  /** CPUID offers x2APIC. */
  readonly supported: boolean;
  /** Firmware switched it on before the kernel started. */
  readonly firmware: boolean;
  /** The hardware lock is set: it cannot be switched off. */
  readonly locked: boolean;
  /** What the description said; `auto` followed the APIC IDs. */
  readonly setting: 'auto' | 'unsupported' | 'supported' | 'enabled' | 'locked';
}

export interface Remapping {
  readonly enabled: boolean;
  /** 32-bit destinations: Intel EIM, AMD XT. */
  readonly eim: boolean;
  /** Firmware asks the kernel not to use x2APIC (DMAR flag). */
  readonly optOut: boolean;
  readonly vendor: 'intel' | 'amd';
  /** Every IO-APIC is in the scope of some IOMMU, which the kernel demands. */
  readonly ioapics: boolean;
  /** AMD: not every IOMMU has XT, although `eim` is set. */
  readonly mixedXt: boolean;
}

export interface Hpet {
  readonly present: boolean;
  /** Its channels can send messages. */
  readonly msi: boolean;
  /** Comparators, 3 to 32. */
  readonly channels: number;
}

export interface Timers {
  readonly kvmclock: boolean;
  readonly tscDeadline: boolean;
  readonly knownFrequency: boolean;
  /** The local APIC timer runs on in deep idle states (CPUID 6 EAX bit 2). */
  readonly arat: boolean;
}

/** What a description says of one interrupt domain; what hangs on it inherits that. */
export interface DomainFacts {
  /** Highest APIC ID that the platform honours; undefined: all that a message can carry. */
  readonly maxApicId: number | undefined;
  /** CPU numbers that it reaches, or not, whatever their APIC IDs. */
  readonly reachable: ReadonlySet<number>;
  readonly unreachable: ReadonlySet<number>;
  readonly path: Path;
}

export const VPCI_PROTOCOLS = ['1.1', '1.2', '1.3', '1.4'] as const;

export const INTERRUPT_KINDS = ['msi-x', 'msi', 'line'] as const;
/** How a device interrupts: a table of messages, one capability with several messages, or a pin of the IO-APIC. */
export type InterruptKind = (typeof INTERRUPT_KINDS)[number];

/** One device, as described; in probe order. */
export interface DeviceSpec {
  readonly name: string;
  readonly driver: DriverName;
  /** Queues the hardware offers; undefined: the driver profile's default. */
  readonly queues: number | undefined;
  /** Size of the MSI-X table; undefined: the driver profile's default. */
  readonly vectors: number | undefined;
  readonly node: number | undefined;
  /** Only for drivers that leave it open (generic). */
  readonly managed: boolean | undefined;
  readonly preVectors: number | undefined;
  readonly postVectors: number | undefined;
  readonly interrupts: InterruptKind;
  /** The remapping unit of the machine, if there is one, covers it. */
  readonly remapped: boolean;
  /** Name of the VMD controller that it is behind; null: of none. */
  readonly behind: string | null;
  /** Where the device stands in the description. */
  readonly path: Path;
}

/** An interrupt as a description names it: by number, or by device with one of queue and vector index. */
export type InterruptName =
  | { readonly irq: number }
  | { readonly device: string; readonly queue: number }
  | { readonly device: string; readonly vector: number };

/** An event after boot; CPU events name kernel CPU numbers, in the order written. */
export type MachineEvent = { readonly path: Path } & (
  | { readonly kind: 'online' | 'offline' | 'unplug'; readonly cpus: readonly number[] }
  | { readonly kind: 'plug'; readonly apicId: number; readonly node: number | undefined }
  | { readonly kind: 'suspend' | 'resume' }
  | { readonly kind: 'smt'; readonly on: boolean }
  | {
      readonly kind: 'setAffinity';
      readonly interrupt: InterruptName;
      readonly cpus: readonly number[];
    }
  | { readonly kind: 'fire'; readonly interrupt: InterruptName }
  /** The device is removed and set up again. */
  | { readonly kind: 'reprobe'; readonly device: string }
);

export interface Expectation {
  readonly reachable?: string | undefined;
  readonly unreachable?: string | undefined;
  readonly unknown?: string | undefined;
  /** Where it is not pci-msi: by device. */
  readonly devices?: readonly ExpectedReach[] | undefined;
  readonly possible?: string | undefined;
  readonly present?: string | undefined;
  readonly online?: string | undefined;
  readonly queues?:
    | Readonly<Partial<Record<'healthy' | 'idle' | 'at-risk' | 'degraded' | 'dead', number>>>
    | undefined;
  readonly findings?: readonly string[] | undefined;
  readonly verdict?: 'pass' | 'warn' | 'fail' | undefined;
  readonly survives?: Survival | undefined;
}

/** What the findings of a rule count as; off: they do not count. */
export const LEVEL_SETTINGS = ['error', 'warning', 'note', 'off'] as const;
export type LevelSetting = (typeof LEVEL_SETTINGS)[number];

/** The level that users give to a rule. */
export interface LevelOverride {
  readonly rule: string;
  readonly level: LevelSetting;
  /** Where it is written; the "file" of an option is the option as typed. */
  readonly location: Location;
}

/** Findings that users know of and that do not count. */
export interface Suppression {
  readonly rule: string;
  readonly reason: string;
  /** The last day it holds, as 2027-03-31; undefined: always. */
  readonly until: string | undefined;
  /** Only findings about these devices and no others; undefined: whatever the devices. */
  readonly devices: readonly string[] | undefined;
  readonly location: Location;
  /** Where a comment of the input says so: which findings of the machine it is about. */
  readonly comment?: CommentScope | undefined;
}

/** What a comment of an input is about. */
export interface CommentScope {
  /** Lines that a finding has to be placed on, first and last; null: all findings of the machine. */
  readonly lines: readonly [first: number, last: number] | null;
  /** The machine begins on these lines: findings that have no place count as placed there. */
  readonly atBeginning: boolean;
  /** It is about other machines of the input too: whether it matches nothing, one of them does not tell. */
  readonly isShared: boolean;
}

/** How users judge the findings of a machine. Rules have their own names here, not aliases. */
export interface Triage {
  readonly levels: readonly LevelOverride[];
  readonly suppress: readonly Suppression[];
}

/** A default of some product that an importer filled in. */
export interface Assumption {
  /** "QEMU 10.0: virtio-blk gets one queue a boot CPU". */
  readonly text: string;
  /** The value of the description that it made. */
  readonly path?: Path;
}

/** What a hypervisor or its management layer would say to a configuration. */
export interface Refusal {
  /** Product and version, e.g. "libvirt 10.5". */
  readonly by: string;
  /** error: it would not start; warning: it starts and says this. */
  readonly level: 'error' | 'warning';
  /** The exact text. */
  readonly message: string;
  readonly cause: readonly string[];
  readonly fix: readonly string[];
  readonly location: Location | undefined;
}

/** Where an imported machine comes from. */
export interface Import {
  /** Name of the reader. */
  readonly format: string;
  /** Versions of products that were asked for, e.g. `{ qemu: '10.0' }`; what is not there had its default. */
  readonly stack?: Readonly<Record<string, string>> | undefined;
  readonly assumptions: readonly Assumption[];
  readonly refusals: readonly Refusal[];
}

/** The description that a machine was made from. */
export interface Given {
  /** As it was written or imported, with what options set. */
  readonly description: Readonly<Record<string, unknown>>;
  /** The machine that changes make of it, for {@link varied}; throws InputError where they make none. */
  readonly vary: (changes: readonly string[], share?: ShareParts) => Machine;
}

/** A machine with every default filled in and every range expanded. */
export interface Machine extends KvmFacts {
  readonly name: string;
  /** File name, or "-" for standard input. */
  readonly source: string;
  readonly kernel: Kernel;
  readonly kernelConfig: {
    readonly nrCpus: number;
    readonly x2apic: boolean;
    readonly irqRemap: boolean;
    readonly ia32: boolean;
    readonly bhyveGuest: boolean;
  };
  readonly platform: Platform;
  readonly cmdline: Cmdline;
  /** Command line of the crash kernel; null if none is loaded. */
  readonly kdump: Cmdline | null;
  /** In MADT order. */
  readonly cpus: readonly FirmwareCpu[];
  /** Where the description has the CPU with this index into `cpus`; absent: unknown. */
  readonly cpuPath?: (index: number) => Path;
  /** Index into `cpus` of the CPU the kernel starts on. */
  readonly bootIndex: number;
  /** Threads of one core share `apicId >> smtShift`. */
  readonly smtShift: number;
  /** CPUs of one package share `apicId >> packageShift`; null: the description does not say. */
  readonly packageShift: number | null;
  /** NUMA nodes with memory and no CPUs, ascending. */
  readonly memoryNodes: readonly number[];
  /** "40 x 5 x 1" style shape when written as a topology, else null. */
  readonly shape: string | null;
  readonly x2apic: X2apic;
  readonly remapping: Remapping;
  readonly extDestId: boolean;
  /** The platform decodes the extended destination ID where it offers it. */
  readonly extDestHonoured: boolean;
  /** Of Hyper-V's virtual PCI bus. */
  readonly vpciProtocol: (typeof VPCI_PROTOCOLS)[number];
  readonly domains: Readonly<Partial<Record<DomainName, DomainFacts>>>;
  readonly hpet: Hpet;
  readonly timers: Timers;
  readonly legacyIrqs: boolean;
  /** The operating system that the input names; null: Linux, or nothing is said. */
  readonly guestOs: string | null;
  /** Parts of the input that its reader did not understand, in the order of the input. */
  readonly notUnderstood: readonly NotUnderstood[];
  readonly firmware: {
    /** FADT revision as major * 100 + minor: "6.5" is 605. */
    readonly fadt: number;
    readonly onlineCapable: boolean;
  };
  readonly devices: readonly DeviceSpec[];
  readonly policy: string;
  readonly events: readonly MachineEvent[];
  /** What the events cost to simulate, and how much they may. */
  readonly eventWork: { readonly work: number; readonly budget: number };
  readonly expect: Expectation | undefined;
  /** What the description says about findings; undefined: nothing. */
  readonly triage?: Triage | undefined;
  /** Where a value was written; undefined where it is a default. */
  readonly locate: (path: Path) => Location | undefined;
  /** Undefined for irqsim's own descriptions. */
  readonly imported?: Import;
  /** Undefined where nobody wrote a description. */
  readonly given?: Given;
}

/** What came of booting a described machine: the shapes that rules and reports read. */
import type { CpuMask } from '../lib/cpumask.ts';
import type { MachineEvent, Path } from '../machine/machine.ts';

export const HEALTHS = ['healthy', 'idle', 'at-risk', 'degraded', 'dead'] as const;
/** Queue health as contract.md section 4 defines it, from best to worst. */
export type Health = (typeof HEALTHS)[number];

/** One interrupt of a device as the kernel would show it. */
export interface InterruptRow {
  readonly irq: number;
  /** Index in the device's MSI-X table. */
  readonly vectorIndex: number;
  readonly managed: boolean;
  /** /proc/irq/N/smp_affinity_list: the requested mask, or the pending one. */
  readonly affinity: CpuMask;
  /** /proc/irq/N/effective_affinity_list; for a stopped interrupt the first online CPU. */
  readonly effective: number;
  /** Vector on `effective`, or null where none is assigned. */
  readonly vector: number | null;
}

/** One queue. `irq` and `vectorIndex` are null when no vector could be had for it. */
export interface QueueRow extends Omit<InterruptRow, 'irq' | 'vectorIndex' | 'effective'> {
  readonly index: number;
  readonly irq: number | null;
  readonly vectorIndex: number | null;
  readonly effective: number | null;
  readonly state: 'started' | 'shutdown' | 'not-allocated';
  readonly health: Health;
  /** The queue that serves this one's online CPUs (policy `redirect`). */
  readonly redirectedTo?: number;
}

export interface DeviceRun {
  readonly name: string;
  readonly driver: string;
  /** Where the description has the device. */
  readonly path: Path;
  readonly vectorsAsked: number;
  readonly vectorsGranted: number;
  /** Health of the worst queue; a device without queues is healthy if it has its interrupts. */
  readonly health: Health;
  /** How the driver got less than it asked for, in words, or null. */
  readonly fallback: string | null;
  /** Errno of the last failed allocation, 0 if none failed. */
  readonly errno: number;
  /** The CPU whose vectors were used up when a managed interrupt was refused, else null. */
  readonly fullCpu: number | null;
  readonly queues: readonly QueueRow[];
  /** Interrupts that serve no queue (admin, configuration, ...). */
  readonly interrupts: readonly InterruptRow[];
}

export interface EventRun {
  readonly event: MachineEvent;
  readonly result: 'ok' | 'refused';
  readonly errno: number;
  readonly messages: readonly string[];
  readonly changes: readonly string[];
}

export interface CpuVectors {
  readonly cpu: number;
  readonly available: number;
  readonly allocated: number;
  readonly managed: number;
  readonly managedAllocated: number;
}

export interface VectorsRun {
  readonly globalAvailable: number;
  readonly globalReserved: number;
  readonly totalAllocated: number;
  /** Vectors a CPU has for devices on this kernel. */
  readonly perCpuCapacity: number;
  readonly perCpu: readonly CpuVectors[];
}

export interface Run {
  readonly online: CpuMask;
  readonly present: CpuMask;
  /** CPUs that the kernel refused to bring up at boot. */
  readonly refused: readonly number[];
  readonly devices: readonly DeviceRun[];
  readonly events: readonly EventRun[];
  readonly vectors: VectorsRun;
  /** The kernel's log lines, in order: enumeration, APIC set-up, bring-up, probing. */
  readonly messages: readonly string[];
}

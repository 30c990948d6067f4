/**
 * What a driver profile is: the formula by which a Linux driver turns a device's queues and the CPU counts
 * into a request for interrupt vectors, and which vector serves which queue. Source of the formulas:
 * docs/model/interrupt-life.md#vectors-by-driver (Linux 6.12 unless a behaviour row says otherwise).
 */

import type { CpuMask } from '../../lib/cpumask.ts';
import type { Cmdline } from '../../machine/cmdline.ts';
import type { DriverName } from '../../machine/driver-names.ts';
import type { Kernel } from '../../machine/kernel.ts';
import type { DeviceSpec } from '../../machine/machine.ts';
import type { AffinityDescriptor } from '../engine/affinity.ts';

/** The CPU counts a driver may look at when it is probed. */
export interface ProbeCounts {
  readonly kernel: Kernel;
  readonly cmdline: Cmdline;
  readonly nrCpuIds: number;
  /** Weight of cpu_possible_mask, cpu_present_mask and cpu_online_mask. */
  readonly possible: number;
  readonly present: number;
  readonly online: number;
}

/** One call of pci_alloc_irq_vectors_affinity; attempts are made in order until one is granted. */
export interface VectorAttempt {
  readonly minvec: number;
  readonly maxvec: number;
  /** null: ordinary vectors with the default affinity. */
  readonly affinity: AffinityDescriptor | null;
  /** The vector of a queue when `granted` vectors were had; null: the driver drops that queue. */
  readonly vectorOf: (queue: number, granted: number) => number | null;
}

/** How many queues of each type of the block layer a device has; their numbers follow in this order. */
export interface QueueTypes {
  readonly default: number;
  readonly read: number;
  /** Polled queues have no interrupt. */
  readonly poll: number;
}

/** What one device asks for. */
export interface DriverPlan {
  /** Queues the driver would use if every vector were had (polled queues have no interrupt: not counted). */
  readonly queues: number;
  /** Vectors the driver's own formula asks for, before the MSI-X table limits it. */
  readonly vectorsAsked: number;
  /** Size of the MSI-X table. */
  readonly tableSize: number;
  readonly attempts: readonly VectorAttempt[];
  /** Where no attempt is granted the driver takes the device's line interrupt (vp_find_vqs_intx()). Absent: it gives up. */
  readonly orLine?: true;
  /** The types of the queues, given how many of them had interrupts; absent: all are of the default type. */
  readonly typesOf?: (queues: number) => QueueTypes;
  /** Affinity hints the driver sets on its own after requesting (non-managed drivers). */
  readonly hints?: (
    online: CpuMask,
    granted: number,
  ) => readonly { readonly vector: number; readonly mask: CpuMask }[];
}

/** How a driver counts the vectors it asks for, in words (docs/model/interrupt-life.md#vectors-by-driver). */
export interface Formula {
  readonly text: string;
  /** Functions of the driver. */
  readonly by: string;
}

/** A driver: its name in machine/driver-names.ts, one file, one line in index.ts. */
export interface DriverProfile {
  readonly name: DriverName;
  /** One sentence for `--help` and reports. */
  readonly summary: string;
  readonly formula: Formula;
  /** Function that spreads its ordinary interrupts over CPUs by hints: those of its plan; null: it gives none. */
  readonly hintedBy: string | null;
  /** Which CPU count the queue formula looks at: decides whether dead queues can be created. */
  readonly counts: 'possible' | 'online' | 'none';
  readonly managed: boolean | 'by description';
  /** What the device is when an interrupt that serves no queue (admin, configuration, ...) is lost. */
  readonly withoutOther: 'dead' | 'degraded';
  readonly plan: (device: DeviceSpec, counts: ProbeCounts) => DriverPlan;
}

/** `vectorOf` of drivers whose queue vectors follow `pre` others. */
export function afterPre(pre: number): VectorAttempt['vectorOf'] {
  return (queue, granted) => (pre + queue < granted ? pre + queue : null);
}

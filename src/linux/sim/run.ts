/** What came of booting a described machine: the shapes that rules and reports read. */

import type { CpuMask } from '../../lib/cpumask.ts';
import type { DriverName } from '../../machine/driver-names.ts';
import type { DeviceDomain } from '../../machine/interrupt-domains.ts';
import type { MachineEvent, Path } from '../../machine/machine.ts';
import type { QueueTypes } from '../drivers/driver.ts';

export const HEALTHS = ['healthy', 'idle', 'at-risk', 'degraded', 'dead'] as const;
/** Queue health as docs/model/interrupt-life.md#queue-health defines it, from best to worst. */
export type Health = (typeof HEALTHS)[number];

export const LOSSES = ['cpu-offline', 'cpu-unreachable', 'cpu-came-back'] as const;
/**
 * Why a started interrupt arrives nowhere: its CPU is offline, cannot be addressed, or went and came back with an
 * empty vector table.
 */
export type Loss = (typeof LOSSES)[number];

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
  /** Absent: it arrives, or is not started. */
  readonly lost?: Loss;
  /** `affinity` is to hold from the next interrupt on. Absent: it does. */
  readonly pending?: true;
  /** Managed: the CPUs that hold a vector for it, where these are not its mask. */
  readonly reservedOn?: CpuMask;
}

/** One queue. `irq` and `vectorIndex` are null when no vector could be had for it. */
export interface QueueRow extends Omit<InterruptRow, 'irq' | 'vectorIndex' | 'effective'> {
  readonly index: number;
  readonly irq: number | null;
  readonly vectorIndex: number | null;
  readonly effective: number | null;
  readonly state: 'started' | 'shutdown' | 'not-allocated';
  readonly health: Health;
  /** Why a queue in state shutdown is stopped: no CPU of its mask was online since boot, or the last one left. */
  readonly stopped?: 'never-started' | 'shut-down';
  /** The queue that serves this one's online CPUs (policy `redirect`). */
  readonly redirectedTo?: number;
}

/** One queue's CPUs in a map. */
export interface MapEntry {
  readonly queue: number;
  readonly cpus: CpuMask;
  /** The CPUs are in no mask of the type: they stay with the device's first queue, of whatever type that is. */
  readonly fallback: boolean;
}

/** Every possible CPU is in exactly one entry. */
export interface QueueMap {
  readonly type: keyof QueueTypes;
  /** The queues of the type: `first` to `first + queues - 1`. */
  readonly first: number;
  readonly queues: number;
  readonly entries: readonly MapEntry[];
}

/** A device's rows in numbers, counted when they are made: who looks for what is rare looks here first. */
export interface Tally {
  /** Queues by health. */
  readonly healths: Readonly<Record<Health, number>>;
  /** Queues by state. */
  readonly states: Readonly<Record<QueueRow['state'], number>>;
  /** Rows whose interrupt is lost, of queues and of others. */
  readonly lost: number;
}

/** What became of one device: vectors, queues and interrupts. */
export interface DeviceRun {
  readonly name: string;
  readonly driver: DriverName;
  /** Where the description has the device. */
  readonly path: Path;
  /** The interrupt domain that it hangs on: one of the simulation's. */
  readonly domain: DeviceDomain;
  /** The VMD controller whose vectors carry its interrupts. Absent: it has its own. */
  readonly behind?: string;
  readonly vectorsAsked: number;
  readonly vectorsGranted: number;
  /** Health of the worst queue, or worse where an interrupt that serves no queue is lost. */
  readonly health: Health;
  /** How the driver got less than it asked for, in words, or null. */
  readonly fallback: string | null;
  /** Errno of the last failed allocation, 0 if none failed. */
  readonly errno: number;
  /** The CPU whose vectors were used up when a managed interrupt was refused, else null. */
  readonly fullCpu: number | null;
  readonly queues: readonly QueueRow[];
  /** Of drivers of the block layer: which queue takes the requests of each CPU, by type. */
  readonly maps: readonly QueueMap[];
  /** Interrupts that serve no queue (admin, configuration, ...). */
  readonly interrupts: readonly InterruptRow[];
  readonly tally: Tally;
}

/** A channel of the HPET that has a message interrupt of its own; null throughout: it is the timer of no CPU. */
export interface HpetTimer {
  readonly channel: number;
  readonly irq: number;
  /** The CPU that it ticks for. */
  readonly cpu: number | null;
  readonly affinity: CpuMask | null;
  readonly effective: number | null;
  readonly vector: number | null;
  /** Absent: it arrives. */
  readonly lost?: Loss;
}

/** An interrupt that an event started, stopped, moved or left where it can no longer arrive. */
export interface InterruptChange {
  readonly kind: 'started' | 'shut-down' | 'moved' | 'lost';
  readonly irq: number;
  /** Null for an interrupt of the machine itself. */
  readonly device: string | null;
  /** The one queue it serves, or null. */
  readonly queue: number | null;
  /** Index in the device's MSI-X table. */
  readonly vector: number | null;
  /** CPU before; null: it was stopped. */
  readonly from: number | null;
  /** CPU after; null: it is stopped, or is lost where it was. */
  readonly to: number | null;
  readonly affinity: CpuMask;
}

/** A queue whose requests another queue takes now; `to` null: it takes its own again. */
export interface RedirectChange {
  readonly device: string;
  readonly queue: number;
  readonly to: number | null;
}

/** I/O of these CPUs to a queue hangs from now on; `cpus` null: it does no longer. */
export interface HangChange {
  readonly device: string;
  readonly queue: number;
  readonly cpus: CpuMask | null;
}

/** A time in which I/O of CPUs to a queue hangs. */
export interface HangSpan {
  readonly device: string;
  readonly queue: number;
  /** Every CPU that was caught in the time. */
  readonly cpus: CpuMask;
  /** Number of the event that began it; 0: boot. */
  readonly from: number;
  /** Number of the event that ended it; null: it lasts. */
  readonly until: number | null;
}

/** CPUs that an event moved from one set to another. */
export interface CpuChanges {
  readonly online: readonly number[];
  readonly offline: readonly number[];
  readonly present: readonly number[];
  readonly absent: readonly number[];
  /** The APIC ID became known: the CPU is reachable, or not, for pci-msi. */
  readonly reachable: readonly number[];
  readonly unreachable: readonly number[];
}

/** All that differs between the states before and after an event. */
export interface EventChanges {
  readonly interrupts: readonly InterruptChange[];
  /** Interrupts that changed but are not listed, as there are too many. */
  readonly unlisted: number;
  readonly redirected: readonly RedirectChange[];
  /** Queues on which I/O began or ceased to hang. */
  readonly hanging: readonly HangChange[];
  readonly cpus: CpuChanges;
  /** Vectors in use on all CPUs. */
  readonly vectors: { readonly before: number; readonly after: number };
}

/** What became of an event; `not-reached`: the kernel had crashed before. */
export const EVENT_RESULTS = ['ok', 'refused', 'crashed', 'not-reached'] as const;
export type EventResult = (typeof EVENT_RESULTS)[number];

/** What one event did. */
export interface EventRun {
  readonly event: MachineEvent;
  readonly result: EventResult;
  /** Positive errno, 0 when accepted. */
  readonly errno: number;
  /** Why it was refused, in plain words, or null. */
  readonly reason: string | null;
  /** What the kernel logs. */
  readonly messages: readonly string[];
  readonly changes: readonly string[];
  readonly changed: EventChanges;
}

/** What a queue can be in the course of events, from best to worst. */
export const QUEUE_STATES = ['started', 'degraded', 'waiting', 'not-allocated', 'dead'] as const;

/** The states of one device's queues; states are indexes into QUEUE_STATES. */
export interface DeviceHistory {
  readonly device: string;
  /** By queue: the state after boot. */
  readonly boot: Uint8Array;
  /** Triples: number of the event (from 1), queue, new state. */
  readonly steps: readonly number[];
}

/** The machine before the first event. */
export interface BootState {
  readonly online: CpuMask;
  readonly present: CpuMask;
  readonly reachable: CpuMask;
  readonly unreachable: CpuMask;
  readonly unknown: CpuMask;
  readonly totalAllocated: number;
}

export interface Timeline {
  readonly boot: BootState;
  readonly devices: readonly DeviceHistory[];
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

/** The machine after boot, probing and all events. */
export interface Run {
  readonly online: CpuMask;
  /** The online CPUs that interrupts of devices may use: all of them, but where a policy brings unreachable ones online. */
  readonly usable: CpuMask;
  readonly present: CpuMask;
  /** CPUs that the kernel refused to bring up at boot. */
  readonly refused: readonly number[];
  /** Timers of single CPUs, by ascending channel; empty where the local APIC's timer is not outranked. */
  readonly hpet: readonly HpetTimer[];
  readonly devices: readonly DeviceRun[];
  readonly events: readonly EventRun[];
  /** I/O that hangs, or hung between events; in the order it began. */
  readonly hangs: readonly HangSpan[];
  /** How the queues fared from event to event; null without events. */
  readonly timeline: Timeline | null;
  readonly vectors: VectorsRun;
  /** The kernel's log lines, in order: enumeration, APIC set-up, bring-up, probing. */
  readonly messages: readonly string[];
}

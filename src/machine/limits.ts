/** Limits of descriptions, and numbers as text. */
import { MAX_LOCAL_APIC } from './apic-ids.ts';

/** What irqsim accepts at most; past a limit the input is refused at once, with the limit named. */
export const LIMITS = {
  cpus: MAX_LOCAL_APIC,
  devices: 4_096,
  vectors: 1_048_576,
  events: 100_000,
  textBytes: 16 * 1024 * 1024,
  /** Levels of nesting in the text; the schema itself needs five. */
  depth: 100,
} as const;

/**
 * What a description may cost where nothing else says so: `budget:` in it raises either. Memory goes by vectors (about
 * 1 kB each), time by work: interrupts times the CPUs that events take offline or bring online, in all variants that
 * one run compares (event-work.ts).
 */
export const BUDGET = { vectors: 262_144, work: 4_000_000_000 } as const;

/** Channels of an HPET: what its specification asks for at least, and has room for. QEMU has the least. */
export const HPET_CHANNELS = { least: 3, most: 32 } as const;

/** Highest NUMA node number (MAX_NUMNODES is 1024 with CONFIG_NODES_SHIFT=10). */
export const MAX_NODE = 1023;

/** "32,768", without the start-up cost of Intl. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** CPUs that a queue's interrupt can still go to, and what follows when all of them go. */
import type { CpuMask } from '../../lib/cpumask.ts';
import type { MachineEvent } from '../../machine/machine.ts';
import { hasFlags, type IrqDesc, IrqFlag } from '../engine/irq-desc.ts';
import { intersection, usableMask } from '../engine/irq-life.ts';
import type { Stage } from '../sim/events/stage.ts';

/** Counterexamples that are tried of one closed form. */
const MOST_TRIES = 16;

/**
 * The usable CPUs of a managed interrupt's mask, not to be changed; null: it is not managed, and goes wherever a CPU is
 * left.
 */
export function holders({ system }: Stage, d: IrqDesc): CpuMask | null {
  const { life } = system;
  return hasFlags(d, IrqFlag.managed) ? intersection(life, d.affinity, usableMask(life, d)) : null;
}

/** The CPUs go offline, ascending, each in an event of its own. */
export function offlines(cpus: Iterable<number>): MachineEvent[] {
  return [...cpus].map((cpu) => ({ kind: 'offline', cpus: [cpu], path: [] }));
}

/** Sets of CPUs, of which the smallest are kept, each once. */
export interface Smallest {
  readonly add: (cpus: CpuMask, before?: readonly MachineEvent[]) => void;
  /** All of them may go. */
  readonly allows: (cpus: CpuMask) => boolean;
  /** CPUs of the smallest; Infinity: there is none. */
  readonly size: () => number;
  readonly tries: () => readonly (readonly MachineEvent[])[];
}

/** Keeps the smallest sets among those within the candidates. */
export function smallestWithin(candidates: CpuMask): Smallest {
  let size = Number.POSITIVE_INFINITY;
  let found = new Map<string, readonly MachineEvent[]>();
  const seen = new Set<CpuMask>();
  return {
    add(cpus, before = []) {
      // Devices of one shape share their masks.
      if (seen.has(cpus)) return;
      seen.add(cpus);
      const weight = cpus.weight();
      if (weight > size || !cpus.isSubsetOf(candidates)) return;
      if (weight < size) found = new Map();
      size = weight;
      if (found.size < MOST_TRIES) found.set(cpus.toString(), [...before, ...offlines(cpus.toArray())]);
    },
    allows: (cpus) => cpus.isSubsetOf(candidates),
    size: () => size,
    tries: () => [...found.values()],
  };
}

/**
 * What a property is: a question about one state of a machine, and where there is one a closed form that answers it
 * for every set of CPUs that may go. A new property is a file in properties and a line in its index.
 */
import type { CpuMask } from '../../lib/cpumask.ts';
import type { MachineEvent } from '../../machine/machine.ts';
import type { PropertyName } from '../../machine/property-names.ts';
import type { IrqDesc } from '../engine/irq-desc.ts';
import type { Stage } from '../sim/events/stage.ts';
import type { Simulation } from '../sim/simulation.ts';
import type { Plug } from './plugs.ts';

/** A state of the machine, and what it was before anything went. */
export interface State {
  readonly stage: Stage;
  /** By index of the device and queue: the queue worked before. */
  readonly worked: readonly (readonly boolean[])[];
  /** CPUs that isolcpus= or nohz_full= sets apart. */
  readonly isolated: CpuMask;
}

/** What may happen to the machine. */
export interface Threat {
  /** After the events of the description. */
  readonly facts: Simulation;
  /** The CPUs that may go offline. */
  readonly candidates: CpuMask;
  /** CPUs that may be plugged and brought online, each once; empty: none. */
  readonly plugs: readonly Plug[];
}

/** What a closed form says. */
export interface Bound {
  /** No set of fewer CPUs breaks the property: proved. Infinity: none at all does. */
  readonly fewest: number;
  /** Events that may break it, each with `fewest` offlines; to be confirmed by simulating. */
  readonly tries: readonly (readonly MachineEvent[])[];
  /** Why, one sentence each. */
  readonly because: readonly string[];
}

/** Nothing breaks it. */
export const unbroken = (...because: string[]): Bound => ({
  fewest: Number.POSITIVE_INFINITY,
  tries: [],
  because,
});

/** A property of all states that offlines lead to. */
export interface Property {
  readonly name: PropertyName;
  /**
   * What is wrong in the state, as a sentence; null: nothing. `touched`: nothing was wrong before, and only these
   * interrupts may have changed since.
   */
  readonly fault: (state: State, amount: number, touched?: readonly IrqDesc[]) => string | null;
  /** An offline that the kernel refuses is what breaks it. */
  readonly byRefusal?: true;
  /**
   * What the closed form says is the same in whatever order devices are probed, if each gets all that it asks for
   * (docs/model/proofs.md#orders-of-probing). Absent: it is not.
   */
  readonly sameInAnyOrder?: (state: State) => boolean;
  /** Null: the preconditions of the closed form do not hold. Absent: there is none. */
  readonly bound?: (state: State, threat: Threat, amount: number) => Bound | null;
}

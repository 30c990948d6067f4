/** What simulations of like machines share: results of the steps, remembered by what the steps looked at. */
import { createRecall, type Recall } from '../lib/recall.ts';
import type { Machine } from '../machine/machine.ts';
import type { Booted, Outcome } from './simulation.ts';

/** Given to every simulation of a batch of like machines. Bounded; holds nothing that a simulation changes. */
export interface Reuse {
  /** Machines after boot. */
  readonly booted: Recall<Machine, Booted>;
  /** Machines after the last event. */
  readonly outcome: Recall<Machine, Outcome>;
}

/** CPUs of all booted machines kept (twice that at most), each counted with what a small machine takes. */
const BOOTED_ROOM = 100_000;
const BASE_SIZE = 500;
/**
 * Outcomes are large: to keep many costs more time than they save. The last ones cover what decides nothing
 * in the machine, if it is what changes from one to the next.
 */
const OUTCOMES = 2;

/** An empty memory. */
export function createReuse(): Reuse {
  return {
    booted: createRecall(BOOTED_ROOM, ({ enumeration }) => BASE_SIZE + enumeration.nrCpuIds),
    outcome: createRecall(OUTCOMES, () => 1),
  };
}

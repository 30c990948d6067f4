/** What simulations of like machines share: results of the steps, remembered by what the steps looked at. */
import { createRecall, makeAnew, type Recall } from '../../lib/recall.ts';
import type { Machine } from '../../machine/machine.ts';
import type { Enumeration } from '../model/enumerate.ts';
import type { Delivery } from './delivery.ts';
import type { Run } from './run.ts';
import type { System } from './system.ts';

/** What boot, probing and events look at, besides the enumeration. */
export interface RunFacts {
  readonly machine: Machine;
  readonly delivery: Delivery;
  /** Name of the policy in the run. */
  readonly policy: string;
}

/** A run, and the enumeration as its events left it. */
export interface Ran {
  readonly enumeration: Enumeration;
  readonly run: Run;
}

/** Given to every simulation of a batch of like machines. Bounded; holds nothing that a simulation changes. */
export interface Reuse {
  /** Of the CPUs of a machine. */
  readonly enumeration: Recall<Machine['cpus'], Machine, Enumeration>;
  /** Of an enumeration: the machine after boot. */
  readonly booted: Recall<Enumeration, RunFacts, System>;
  /** Of a machine after boot: it after the last event. */
  readonly ran: Recall<System, RunFacts, Ran>;
}

/** CPUs and queues of all that is kept of one step (twice that at most), each counted with what a small one takes. */
const ROOM = 200_000;
const BASE_SIZE = 500;

const sizeOf = ({ nrCpuIds }: Enumeration): number => BASE_SIZE + nrCpuIds;

function runSize({ enumeration, run }: Ran): number {
  const queues = run.devices.reduce((sum, { vectorsGranted }) => sum + vectorsGranted, 0);
  const changes = run.events.reduce((sum, { changes: texts }) => sum + texts.length, 0);
  return sizeOf(enumeration) + queues + changes;
}

/** An empty memory. `misses`: how many simulations in a row may find nothing in it before it is filled less. */
export function createReuse(misses?: number): Reuse {
  return {
    enumeration: createRecall(ROOM, sizeOf, misses),
    booted: createRecall(ROOM, ({ enumeration }) => sizeOf(enumeration), misses),
    ran: createRecall(ROOM, runSize, misses),
  };
}

/** No memory. */
export const NO_REUSE: Reuse = { enumeration: makeAnew, booted: makeAnew, ran: makeAnew };

/** The steps of a simulation with a memory: results of a step, remembered by what the step looked at. */
import { assert } from '../../../lib/assert.ts';
import type { Enumeration } from '../../../linux/model/enumerate.ts';
import type { Handover } from '../../../linux/model/handover.ts';
import { findPolicy } from '../../../linux/policy/index.ts';
import type { Delivery } from '../../../linux/sim/delivery.ts';
import { type BootFacts, KERNEL_STEPS, type Ran, type Steps } from '../../../linux/sim/steps.ts';
import type { System } from '../../../linux/sim/system.ts';
import type { Machine } from '../../../machine/machine.ts';
import { copyBooted, enumerationToChange, keepBooted } from './boot-copy.ts';
import { createRecall } from './recall.ts';
import { policyInRun, withoutVainLimits } from './same-run.ts';

/** CPUs and queues of all that is kept of one step (twice that at most), each counted with what a small one takes. */
const ROOM = 200_000;
const BASE_SIZE = 500;

const sizeOf = ({ nrCpuIds }: Enumeration): number => BASE_SIZE + nrCpuIds;

function runSize({ enumeration, run }: Ran): number {
  const queues = run.devices.reduce((sum, { vectorsGranted }) => sum + vectorsGranted, 0);
  const changes = run.events.reduce((sum, { changes: texts }) => sum + texts.length, 0);
  return sizeOf(enumeration) + queues + changes;
}

/** What a run looks at, in a form that can be watched: a policy by its name. */
interface RunKey {
  readonly machine: Machine;
  readonly delivery: Delivery;
  readonly policy: string;
}

/** Machines that run alike have equal keys. */
function runKey({ machine, delivery, policy }: BootFacts): RunKey {
  return { machine, delivery: withoutVainLimits(delivery, machine), policy: policyInRun(policy).name };
}

function factsOf({ machine, delivery, policy: name }: RunKey): BootFacts {
  const policy = findPolicy(name);
  assert(policy, `policy ${name} is not registered`);
  return { machine, delivery, policy };
}

/**
 * Steps to be given to every simulation of a batch of like machines. Bounded; no simulation changes what they keep.
 * `misses`: how many simulations in a row may find nothing in the memory before it is filled less.
 */
export function createSharedSteps(misses?: number): Steps {
  const handovers = createRecall<Machine['cpus'], Machine, Handover>(ROOM, () => BASE_SIZE, misses);
  const enumerations = createRecall<Handover, Machine, Enumeration>(ROOM, sizeOf, misses);
  const systems = createRecall<Enumeration, RunKey, System>(ROOM, (kept) => sizeOf(kept.enumeration), misses);
  const runs = createRecall<System, RunKey, Ran>(ROOM, runSize, misses);
  return {
    handOver: (machine) => handovers(machine.cpus, machine, KERNEL_STEPS.handOver),
    enumerate: (machine, handover) =>
      enumerations(handover, machine, (seen) => KERNEL_STEPS.enumerate(seen, handover)),
    boot(enumeration, facts) {
      const key = runKey(facts);
      return systems(enumeration, key, (seen) => {
        if (seen !== key) return keepBooted(KERNEL_STEPS.boot(enumeration, factsOf(seen)));
        return KERNEL_STEPS.boot(enumerationToChange(enumeration, facts.machine), factsOf(key));
      });
    },
    probeAndRun(booted, facts) {
      // A system that was made for this run alone need not be copied.
      if (booted.machine === facts.machine) return KERNEL_STEPS.probeAndRun(booted, facts);
      return runs(booted, runKey(facts), (seen) => {
        const own = factsOf(seen);
        return KERNEL_STEPS.probeAndRun(copyBooted(booted, own), own);
      });
    },
  };
}

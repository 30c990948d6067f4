/** A machine as it is left: booted, probed, and its events over. */
import { tick } from '../../linux/engine/vector.ts';
import { simulate } from '../../linux/sim/simulate.ts';
import type { Simulation } from '../../linux/sim/simulation.ts';
import { KERNEL_STEPS, probeAndRun } from '../../linux/sim/steps.ts';
import type { System } from '../../linux/sim/system.ts';
import type { Machine } from '../../machine/machine.ts';

export interface Played {
  readonly simulation: Simulation;
  /** Whoever asked may change it. Null: the kernel panics at boot. */
  readonly system: System | null;
}

/** `watch` as for {@link probeAndRun}. */
export function play(machine: Machine, watch?: (system: System) => void): Played {
  let system: System | null = null;
  const simulation = simulate(machine, {
    ...KERNEL_STEPS,
    probeAndRun(booted, facts) {
      system = booted;
      return probeAndRun(booted, facts, watch);
    },
  });
  return { simulation, system };
}

/** The same with what moved last ticked: no interrupt has a second vector any more. */
export function settle(machine: Machine, watch?: (system: System) => void): Played {
  const played = play(machine, watch);
  if (played.system) tick(played.system.life);
  return played;
}

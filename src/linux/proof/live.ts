/** A machine in the model after its events, to go on with: what proofs judge, and take CPUs offline on. */
import type { CpuMask } from '../../lib/cpumask.ts';
import type { Machine, MachineEvent } from '../../machine/machine.ts';
import { varied } from '../../machine/vary.ts';
import { createStage, type Stage } from '../sim/events/stage.ts';
import { createWatch } from '../sim/events/watch.ts';
import type { EventRun } from '../sim/run.ts';
import { simulate } from '../sim/simulate.ts';
import type { Simulation } from '../sim/simulation.ts';
import { KERNEL_STEPS, type Steps } from '../sim/steps.ts';
import type { System } from '../sim/system.ts';

/** A machine after its events. */
export interface Live {
  readonly facts: Simulation;
  /** Null: the kernel panicked at boot. */
  readonly stage: Stage | null;
}

/** Simulates the machine, and keeps what the simulation worked on. */
export function bringToLife(machine: Machine, steps: Steps = KERNEL_STEPS): Live {
  let system: System | null = null;
  const facts = simulate(machine, {
    ...steps,
    probeAndRun(booted, seen) {
      system = booted;
      return steps.probeAndRun(booted, seen);
    },
  });
  return { facts, stage: system === null ? null : stageAfter(system, facts.run.events) };
}

/** The same with more events behind those of the description. */
export function continued(machine: Machine, events: readonly MachineEvent[]): Live {
  return bringToLife(varied(machine, { events: [...machine.events, ...events] }));
}

/** What lasts from one event to the next, as the events left it. */
function stageAfter(system: System, events: readonly EventRun[]): Stage {
  const stage = createStage(system, createWatch());
  for (const { event, result } of events) {
    if (result === 'crashed') stage.crashed = true;
    if (event.kind === 'suspend' && result === 'ok') stage.frozen = [];
    if (event.kind === 'resume' && result === 'ok') stage.frozen = null;
    if (event.kind === 'smt' && stage.frozen === null && hasSmtControl(system))
      stage.smtOff = smtOffAfter(stage.smtOff, event.on, result === 'ok');
  }
  return stage;
}

function hasSmtControl({ machine }: System): boolean {
  return machine.smtShift > 0 && machine.cmdline.smt !== 'force-off';
}

/** A write to the SMT control that was cut short leaves SMT on. */
function smtOffAfter(before: boolean, on: boolean, done: boolean): boolean {
  if (before !== on) return before;
  return on ? false : done;
}

/** The online CPUs that interrupts of devices may use. */
export const usableNow = ({ system }: Stage): CpuMask => system.life.online.bits;

/** The machine that is proved something of, as it is before anything goes. */
import { CpuMask } from '../../lib/cpumask.ts';
import type { Machine, MachineEvent } from '../../machine/machine.ts';
import type { Stage } from '../sim/events/stage.ts';
import type { Simulation } from '../sim/simulation.ts';
import { arrivalOf } from '../sim/system.ts';
import { bringToLife, continued, type Live } from './live.ts';
import type { Property, State } from './property.ts';
import { descOf, works } from './queues.ts';
import { placeOfNow, stepOffline } from './walk.ts';

export interface Subject {
  readonly machine: Machine;
  readonly facts: Simulation;
  /** Null: the kernel panicked at boot. */
  readonly state: State | null;
}

/** Simulates the machine. */
export function subjectOf(machine: Machine): Subject {
  const { facts, stage } = bringToLife(machine);
  return {
    machine,
    facts,
    state: stage && { stage, worked: workingNow(stage), isolated: isolatedIn(stage) },
  };
}

function workingNow(stage: Stage): boolean[][] {
  return stage.system.devices.map((device) => {
    const arrival = arrivalOf(stage.system, device.domain);
    return device.queueVectors.map((_, queue) => works(descOf(stage, device, queue), arrival));
  });
}

/** CPUs that some parameter sets apart. */
function isolatedIn({ system: { enumeration, housekeeping } }: Stage): CpuMask {
  const isolated = new CpuMask(enumeration.nrCpuIds);
  for (const kept of Object.values(housekeeping)) isolated.orWith(CpuMask.andNot(enumeration.possible, kept));
  return isolated;
}

/** The machine is no more, whatever is asked of it; null: it runs. */
export function isGone(stage: Stage | null): string | null {
  if (stage === null) return 'the kernel panics at boot';
  return stage.crashed ? 'the kernel crashes' : null;
}

/** What more events break, found by simulating them; null: nothing. The state is as it was, after. */
export function faultAfter(
  subject: Subject,
  property: Property,
  amount: number,
  events: readonly MachineEvent[],
): string | null {
  const gone = events.map((event) => (event.kind === 'offline' ? event.cpus : null));
  const { state } = subject;
  return state !== null && gone.every((cpus) => cpus !== null)
    ? faultWithout(state, property, amount, gone)
    : faultAnew(subject, property, amount, events);
}

/** The CPUs go offline on the machine as it is, and come back as if nothing had happened. */
function faultWithout(
  state: State,
  { fault, byRefusal }: Property,
  amount: number,
  events: readonly (readonly number[])[],
): string | null {
  const { stage } = state;
  const { outcomes, undo } = stepOffline(stage, placeOfNow(stage), events);
  const bad = outcomes.find(({ refused }) => refused);
  const crash = outcomes.find(({ crashed }) => crashed);
  const refusal = bad ? `the kernel refuses it: ${bad.reason ?? bad.errno}` : null;
  const shows = crash ? crashText(crash.reason) : byRefusal ? refusal : fault(state, amount);
  undo();
  return shows;
}

/** All of it is simulated anew. */
function faultAnew(
  { machine, state }: Subject,
  { fault, byRefusal }: Property,
  amount: number,
  events: readonly MachineEvent[],
): string | null {
  const live = continued(machine, events);
  const gone = isGone(live.stage);
  if (gone !== null || live.stage === null || state === null) return crashIn(live, machine) ?? gone;
  if (byRefusal) {
    // A CPU that cannot come is none that cannot go.
    const refused = live.facts.run.events
      .slice(machine.events.length)
      .find(({ event, result }) => event.kind === 'offline' && result !== 'ok');
    return refused ? `the kernel refuses it: ${refused.reason ?? refused.errno}` : null;
  }
  return fault({ ...state, stage: live.stage }, amount);
}

const crashText = (reason: string | null): string => `the kernel crashes: ${reason ?? ''}`;

function crashIn({ facts }: Live, machine: Machine): string | null {
  const crashed = facts.run.events.slice(machine.events.length).find(({ result }) => result === 'crashed');
  return crashed ? crashText(crashed.reason) : null;
}

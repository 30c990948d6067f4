/** How many CPUs may go offline, whichever they are: by the closed form, and confirmed by letting them go in the model. */
import { proved } from '../../linux/proof/answer.ts';
import { offlineAtMost, offlineCandidates } from '../../linux/proof/offline-room.ts';
import { prove } from '../../linux/proof/prove.ts';
import { subjectOf } from '../../linux/proof/subject.ts';
import { vectorsRun } from '../../linux/sim/rows.ts';
import type { EventRun } from '../../linux/sim/run.ts';
import { simulate } from '../../linux/sim/simulate.ts';
import type { Simulation } from '../../linux/sim/simulation.ts';
import type { System } from '../../linux/sim/system.ts';
import type { Machine, MachineEvent } from '../../machine/machine.ts';
import { varied } from '../../machine/vary.ts';

/** CPUs that went offline one after the other in the model, up to a refusal. */
export interface Tried {
  /** In the order they were to go. */
  readonly cpus: readonly number[];
  /** What the kernel said to the CPU that it refused, or that ended it; null: all of them went. */
  readonly refused: { readonly cpu: number; readonly run: EventRun } | null;
}

export interface OfflineAnswer {
  /** Any so many CPUs may go offline, in any order. */
  readonly atMost: number;
  /** One more is refused, or there are no more; false: more may be accepted. */
  readonly exact: boolean;
  /** Online CPUs that the kernel takes offline at all. */
  readonly mayLeave: number;
  /** Interrupts that nobody manages: each must have a vector on some online CPU. */
  readonly mustStay: number;
  /** Vectors of CPU 0 that are free or hold such interrupts: what is left to them in suspend. */
  readonly roomOfCpu0: number;
  /** The hardest set of that size, let go; null: nothing may go, or it was too much work to try. */
  readonly confirmed: Tried | null;
  /** The smallest set that was found to be refused; null: none. */
  readonly refused: Tried | null;
}

/** Interrupts times CPUs that a trial may go through. */
const WORK = 400_000_000;

/** Lets CPUs go one after the other, behind the machine's own events. */
export function letGo(machine: Machine, cpus: readonly number[]): Tried {
  const leave = cpus.map((cpu): MachineEvent => ({ kind: 'offline', cpus: [cpu], path: ['events'] }));
  const { run } = simulate(varied(machine, { events: [...machine.events, ...leave] }));
  const runs = run.events.slice(machine.events.length);
  const at = runs.findIndex(({ result }) => result !== 'ok');
  return { cpus, refused: at < 0 ? null : { cpu: cpus[at], run: runs[at] } };
}

/** Online CPUs that may go, those with most vectors for ordinary interrupts first: the hardest to do without. */
function roomiestFirst(
  { run }: Simulation,
  room: (cpu: number) => number,
  candidates: readonly number[],
): number[] {
  const usable = candidates.filter((cpu) => run.usable.test(cpu));
  const rest = candidates.filter((cpu) => !run.usable.test(cpu));
  return [...usable.sort((a, b) => room(b) - room(a) || a - b), ...rest];
}

/** Offlines that the search may make where the closed form leaves a gap: a second or two. */
const SEARCHED = 40_000;

interface Searched {
  readonly atMost: number;
  readonly exact: boolean;
  readonly refused: Tried | null;
}

/**
 * Where the check counts managed interrupts, or an interrupt may be lost on the way, sets and their orders are tried
 * (docs/model/proofs.md#offlines-that-are-accepted). Null: the search found nothing more than what is known.
 */
function searched(machine: Machine): Searched | null {
  const name = 'offline-accepted';
  const asked = { name, amount: 1, text: name } as const;
  const options = { offlineAtMost: null, among: null, keep: null, plug: false, budget: SEARCHED } as const;
  const {
    answer,
    largest,
    offlineAtMost: most,
    counterexample,
  } = proved(prove(subjectOf(machine), asked, options));
  if (answer === 'unknown') return most === null ? null : { atMost: most, exact: false, refused: null };
  const cpus = counterexample?.events.flatMap((event) => (event.kind === 'offline' ? event.cpus : []));
  const witness = cpus && cpus.length > 0 ? letGo(machine, cpus) : null;
  return { atMost: largest ?? 0, exact: true, refused: witness?.refused ? witness : null };
}

/** Of a machine at rest, with what its simulation found. */
export function offlineAnswer(machine: Machine, simulation: Simulation, system: System): OfflineAnswer {
  // Moves that were under way have ended since the simulation counted.
  const vectors = vectorsRun(system);
  const facts: Simulation = { ...simulation, run: { ...simulation.run, vectors } };
  const candidates = offlineCandidates(facts).toArray();
  const limit = offlineAtMost(facts);
  const slept = simulation.run.events.some(({ result }) => result === 'crashed');
  const other = (cpu: number) => vectors.perCpu[cpu].allocated - vectors.perCpu[cpu].managedAllocated;
  const room = (cpu: number) => vectors.perCpu[cpu].available + other(cpu);
  const cheap = (cpus: number) =>
    system.life.irqs.size * Math.max(1, cpus) * Math.max(1, system.enumeration.nrCpuIds / 64) <= WORK;
  const known = slept ? 0 : limit.accepted;
  const tried = cheap(known) && limit.refused !== null ? letGo(machine, limit.refused) : null;
  const formed: Searched = {
    atMost: known,
    exact: known === candidates.length || (tried?.refused != null && tried.cpus.length === known + 1),
    refused: tried?.refused ? tried : null,
  };
  const found = formed.exact || slept || !cheap(known) ? null : searched(machine);
  const { atMost, exact, refused } = found && found.atMost >= known ? { ...formed, ...found } : formed;
  const confirmed =
    cheap(atMost) && atMost > 0
      ? letGo(machine, roomiestFirst(facts, room, candidates).slice(0, atMost))
      : null;
  return {
    atMost,
    exact,
    mayLeave: candidates.length,
    mustStay: facts.run.usable.toArray().reduce((sum, cpu) => sum + other(cpu), 0),
    roomOfCpu0: facts.run.usable.test(0) ? room(0) : 0,
    confirmed,
    refused: refused ?? formed.refused,
  };
}

/**
 * CPUs taken offline one after the other, and brought back as if nothing had happened: a search goes through many
 * sequences on one machine, for which booting anew or copying all of it would be slow.
 */
import type { IrqDesc } from '../engine/irq-desc.ts';
import type { IrqLife } from '../engine/irq-life.ts';
import { setCpuOnline, vectorTableIrqs } from '../engine/irq-life.ts';
import type { IrqMatrix } from '../engine/matrix-state.ts';
import { NR_VECTORS } from '../engine/vector-layout.ts';
import type { Outcome, Stage } from '../sim/events/stage.ts';
import { actOn } from '../sim/events.ts';
import { irqOf } from '../sim/irq-numbers.ts';
import { setSiblingsUp } from '../sim/system.ts';

/** A state that sequences go on from, kept to come back to. */
export interface Place {
  readonly matrix: IrqMatrix;
  readonly unsettled: readonly IrqDesc[];
  readonly shutDown: readonly IrqDesc[];
  readonly usable: Uint32Array;
}

/** CPUs that went offline, or were refused. */
export interface Step {
  /** Of each event. */
  readonly outcomes: readonly Outcome[];
  /** All interrupts that it may have changed. */
  readonly touched: readonly IrqDesc[];
  /** Brings the machine back to the place. */
  readonly undo: () => void;
}

const MATRIX_ARRAYS = [
  'available',
  'allocated',
  'managed',
  'managedAllocated',
  'initialized',
  'online',
  'allocMap',
  'managedMap',
  'freeFrom',
  'managedFrom',
  'leastManagedCpu',
  'bestCpu',
] as const satisfies readonly (keyof IrqMatrix)[];

const MATRIX_COUNTS = [
  'globalAvailable',
  'globalReserved',
  'totalAllocated',
  'onlineMaps',
] as const satisfies readonly (keyof IrqMatrix)[];

/** Keeps what any CPU that goes may change of the state as it is. Moves that were under way must have ticked. */
export function placeOfNow({ system: { life } }: Stage): Place {
  const copies = Object.fromEntries(MATRIX_ARRAYS.map((name) => [name, life.matrix[name].slice()]));
  return {
    matrix: { ...life.matrix, ...copies },
    unsettled: [...life.unsettled],
    shutDown: [...life.shutDown],
    usable: life.online.bits.words.slice(),
  };
}

function restoreMatrix(matrix: IrqMatrix, kept: IrqMatrix): void {
  for (const name of MATRIX_ARRAYS) matrix[name].set(kept[name]);
  for (const name of MATRIX_COUNTS) matrix[name] = kept[name];
}

function refill<T>(set: Set<T>, members: readonly T[]): void {
  set.clear();
  for (const member of members) set.add(member);
}

/** Interrupts that taking the CPUs offline may change: those on them, unsettled ones, hinted ones and their timers. */
function mayChange({ system, devices }: Stage, cpus: readonly number[]): IrqDesc[] {
  const { life } = system;
  const found = new Set(life.unsettled);
  const add = (irq: number): void => {
    const d = life.irqs.get(irq);
    if (d) found.add(d);
  };
  for (const cpu of cpus) for (const d of vectorTableIrqs(life, cpu)) found.add(d);
  for (const device of devices.hinted) {
    for (let vector = 0; vector < device.granted; vector++) add(irqOf(device, vector));
  }
  for (const channel of system.hpet) if (channel.cpu !== null && cpus.includes(channel.cpu)) add(channel.irq);
  return [...found];
}

/** An interrupt as it was, and the entries of the vector tables at its own places; place -1: it had none. */
interface Kept {
  readonly desc: IrqDesc;
  readonly place: number;
  readonly entry: number;
  readonly prevPlace: number;
  readonly prevEntry: number;
}

const placeOf = ({ vector, cpu }: IrqDesc): number => (vector === 0 ? -1 : cpu * NR_VECTORS + vector);
const prevPlaceOf = ({ prevVector, prevCpu }: IrqDesc): number =>
  prevVector === 0 ? -1 : prevCpu * NR_VECTORS + prevVector;

function keep({ vectorTable }: IrqLife, d: IrqDesc): Kept {
  const place = placeOf(d);
  const prevPlace = prevPlaceOf(d);
  const at = (where: number): number => (where < 0 ? 0 : vectorTable[where]);
  return { desc: { ...d }, place, entry: at(place), prevPlace, prevEntry: at(prevPlace) };
}

/** Puts the interrupts back, and the entries of the vector tables that they had. */
function restoreDescs({ vectorTable }: IrqLife, descs: readonly IrqDesc[], kept: readonly Kept[]): void {
  for (const d of descs) {
    for (const place of [placeOf(d), prevPlaceOf(d)])
      if (place >= 0 && vectorTable[place] === d.irq + 1) vectorTable[place] = 0;
  }
  for (let index = 0; index < descs.length; index++) {
    const { desc, place, entry, prevPlace, prevEntry } = kept[index];
    Object.assign(descs[index], desc);
    if (place >= 0) vectorTable[place] = entry;
    if (prevPlace >= 0) vectorTable[prevPlace] = prevEntry;
  }
}

/**
 * Takes the CPUs offline from the place, which is the state now, those of a list in one event; whoever calls undoes it
 * before the next step from there.
 */
export function stepOffline(stage: Stage, place: Place, events: readonly (readonly number[])[]): Step {
  const { system } = stage;
  const { life } = system;
  const cpus = events.flat();
  const touched = mayChange(stage, cpus);
  const kept = touched.map((d) => keep(life, d));
  const { unusableVectors } = life;
  const channels = system.hpet.filter(({ cpu }) => cpu !== null && cpus.includes(cpu));
  const timed = channels.map(({ cpu }) => cpu);
  const wereUp = cpus.filter((cpu) => system.online.test(cpu));
  const outcomes: Outcome[] = [];
  for (const gone of events) outcomes.push(actOn(stage, { kind: 'offline', cpus: gone, path: [] }));
  const undo = (): void => {
    stage.crashed = false;
    for (const cpu of wereUp) if (!system.online.test(cpu)) bringBack(stage, place, cpu);
    for (const [n, channel] of channels.entries()) channel.cpu = timed[n];
    restoreMatrix(life.matrix, place.matrix);
    restoreDescs(life, touched, kept);
    life.unusableVectors = unusableVectors;
    refill(life.unsettled, place.unsettled);
    refill(life.shutDown, place.shutDown);
    life.cleanupLists.clear();
  };
  return { outcomes, touched, undo };
}

function bringBack({ system }: Stage, { usable }: Place, cpu: number): void {
  system.online.set(cpu);
  const wasUsable = ((usable[cpu >>> 5] >>> (cpu & 31)) & 1) === 1;
  if (wasUsable) setCpuOnline(system.life, cpu, true);
  setSiblingsUp(system, cpu, true);
}

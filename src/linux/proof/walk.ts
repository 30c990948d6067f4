/**
 * CPUs taken offline one after the other, and brought back as if nothing had happened: a search goes through many
 * sequences on one machine, for which booting anew or copying all of it would be slow.
 */
import type { IrqDesc } from '../engine/irq-desc.ts';
import type { IrqLife } from '../engine/irq-life.ts';
import { setCpuOnline } from '../engine/irq-life.ts';
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

/** One CPU that went offline, or was refused. */
export interface Step {
  readonly outcome: Outcome;
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

/** Interrupts that taking the CPU offline may change: those on it, unsettled ones, hinted ones and its timer. */
function mayChange({ system, devices }: Stage, cpu: number): IrqDesc[] {
  const { life } = system;
  const found = new Set(life.unsettled);
  const base = cpu * NR_VECTORS;
  const add = (irq: number): void => {
    const d = life.irqs.get(irq);
    if (d) found.add(d);
  };
  for (let vector = 0; vector < NR_VECTORS; vector++) {
    const entry = life.vectorTable[base + vector];
    if (entry !== 0) add(entry - 1);
  }
  for (const device of devices.hinted) {
    for (let vector = 0; vector < device.granted; vector++) add(irqOf(device, vector));
  }
  for (const channel of system.hpet) if (channel.cpu === cpu) add(channel.irq);
  return [...found];
}

/** The places in the vector tables that an interrupt's own vectors are at. */
function forTablePlaces(d: IrqDesc, visit: (place: number) => void): void {
  if (d.vector !== 0) visit(d.cpu * NR_VECTORS + d.vector);
  if (d.prevVector !== 0) visit(d.prevCpu * NR_VECTORS + d.prevVector);
}

/** Puts the interrupts back, and the entries of the vector tables that they had. */
function restoreDescs({ vectorTable }: IrqLife, descs: readonly IrqDesc[], kept: readonly Kept[]): void {
  for (const d of descs) {
    forTablePlaces(d, (place) => {
      if (vectorTable[place] === d.irq + 1) vectorTable[place] = 0;
    });
  }
  for (const [index, d] of descs.entries()) {
    Object.assign(d, kept[index].desc);
    for (const [place, entry] of kept[index].entries) vectorTable[place] = entry;
  }
}

interface Kept {
  readonly desc: IrqDesc;
  readonly entries: readonly (readonly [place: number, entry: number])[];
}

function keep({ vectorTable }: IrqLife, d: IrqDesc): Kept {
  const entries: [number, number][] = [];
  forTablePlaces(d, (place) => {
    entries.push([place, vectorTable[place]]);
  });
  return { desc: { ...d }, entries };
}

/** Takes the CPU offline from the place, which is the state now; whoever calls undoes it before the next step from it. */
export function stepOffline(stage: Stage, place: Place, cpu: number): Step {
  const { system } = stage;
  const { life } = system;
  const touched = mayChange(stage, cpu);
  const kept = touched.map((d) => keep(life, d));
  const row = life.vectorTable.slice(cpu * NR_VECTORS, (cpu + 1) * NR_VECTORS);
  const { unusableVectors } = life;
  const channel = system.hpet.find((one) => one.cpu === cpu);
  const wasUp = system.online.test(cpu);
  const outcome = actOn(stage, { kind: 'offline', cpus: [cpu], path: [] });
  const undo = (): void => {
    stage.crashed = false;
    if (wasUp && !system.online.test(cpu)) {
      system.online.set(cpu);
      const wasUsable = ((place.usable[cpu >>> 5] >>> (cpu & 31)) & 1) === 1;
      if (wasUsable) setCpuOnline(life, cpu, true);
      setSiblingsUp(system, cpu, true);
      if (channel) channel.cpu = cpu;
    }
    restoreMatrix(life.matrix, place.matrix);
    restoreDescs(life, touched, kept);
    life.vectorTable.set(row, cpu * NR_VECTORS);
    life.unusableVectors = unusableVectors;
    refill(life.unsettled, place.unsettled);
    refill(life.shutDown, place.shutDown);
    life.cleanupLists.clear();
  };
  return { outcome, touched, undo };
}

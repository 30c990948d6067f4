/**
 * Whether vectors are left for every device in whatever order devices are probed, for all orders at once
 * (docs/model/proofs.md#orders-of-probing).
 */
import { CpuMask } from '../../lib/cpumask.ts';
import { hasFlags, type IrqDesc, IrqFlag } from '../engine/irq-desc.ts';
import { type IrqLife, intersection, nodeOnlineMask, usableMask } from '../engine/irq-life.ts';
import type { Stage } from '../sim/events/stage.ts';
import { irqOf } from '../sim/irq-numbers.ts';
import type { ProbedDevice, System } from '../sim/system.ts';

/** More different masks than these are not told apart. */
const MASKS_COMPARED = 256;

/** What all devices take that had all they asked for. */
interface Demand {
  /** By device: vectors reserved for managed interrupts, by CPU. */
  readonly reserved: readonly Uint32Array[];
  /** CPUs among which an ordinary interrupt looks for a vector, each with how many interrupts do. */
  readonly wishes: readonly Wish[];
  /** Vectors that a CPU has for devices. */
  readonly room: Int32Array;
}

interface Wish {
  readonly cpus: CpuMask;
  count: number;
}

/** Every device had what it asked for, after boot: it would in every other order. */
export function fitsInAnyOrder({ system }: Stage): boolean {
  const demand = demandOf(system);
  const { wishes, room, reserved } = demand;
  const all = wishes.reduce((sum, { count }) => sum + count, 0);
  return wishes.every(({ cpus }) => {
    const most = reserved.reduce((sum, own) => sum + mostOf(own, cpus), 0);
    let left = 0;
    cpus.forEach((cpu) => {
      left += Math.max(0, room[cpu] - most);
    });
    return all <= left || rivals(wishes, cpus) <= left;
  });
}

/** Interrupts that may look among the same CPUs. */
function rivals(wishes: readonly Wish[], cpus: CpuMask): number {
  if (wishes.length > MASKS_COMPARED) return Number.POSITIVE_INFINITY;
  return wishes.reduce((sum, other) => sum + (other.cpus.intersects(cpus) ? other.count : 0), 0);
}

function mostOf(own: Uint32Array, cpus: CpuMask): number {
  let most = 0;
  cpus.forEach((cpu) => {
    most = Math.max(most, own[cpu]);
  });
  return most;
}

function demandOf(system: System): Demand {
  const { matrix } = system.life;
  const nr = matrix.allocated.length;
  const capacity = matrix.allocEnd - matrix.allocStart - matrix.systembits;
  const room = new Int32Array(nr);
  for (let cpu = 0; cpu < nr; cpu++)
    room[cpu] = capacity - matrix.allocated[cpu] + matrix.managedAllocated[cpu];
  const wishes = new Map<string, Wish>();
  const reserved = system.devices.map((device) => {
    const own = new Uint32Array(nr);
    for (const d of interruptsOf(system, device)) {
      if (hasFlags(d, IrqFlag.managed)) reserve(own, device, d.reservedOn ?? d.affinity);
      else takeBack(room, d);
      if (!hasFlags(d, IrqFlag.managed)) for (const cpus of wishesOf(system, d)) wish(wishes, cpus);
    }
    return own;
  });
  return { reserved, wishes: [...wishes.values()], room };
}

function interruptsOf({ life }: System, device: ProbedDevice): IrqDesc[] {
  const found: IrqDesc[] = [];
  for (let vector = 0; vector < device.granted; vector++) {
    const d = life.irqs.get(irqOf(device, vector));
    if (d) found.push(d);
  }
  return found;
}

/** Several messages of one capability take vectors one by one, among what the same device has reserved already. */
function reserve(own: Uint32Array, { spec }: ProbedDevice, cpus: CpuMask): void {
  if (spec.interrupts === 'msi') for (let cpu = 0; cpu < own.length; cpu++) own[cpu]++;
  else
    cpus.forEach((cpu) => {
      own[cpu]++;
    });
}

/** Vectors that the interrupt has now are for devices. */
function takeBack(room: Int32Array, { vector, cpu, prevVector, prevCpu }: IrqDesc): void {
  if (vector !== 0) room[cpu]++;
  if (prevVector !== 0) room[prevCpu]++;
}

function wish(wishes: Map<string, Wish>, cpus: CpuMask): void {
  const key = cpus.words.join();
  const known = wishes.get(key);
  if (known) known.count++;
  else wishes.set(key, { cpus, count: 1 });
}

/** The CPUs among which it looks when it is activated, when it is started, and when its driver gives a hint. */
function wishesOf({ life, spread }: System, d: IrqDesc): CpuMask[] {
  const online = usableMask(life, d);
  const found = new Map<string, CpuMask>();
  const add = (mask: CpuMask): void => {
    if (!mask.isEmpty()) found.set(mask.words.join(), mask);
  };
  for (const affinity of [life.domains[d.domain].defaultAffinity, spread.defaultAffinity]) {
    add(activatedAmong(life, d, affinity));
    add(startedAmong(life, d, affinity));
  }
  add(CpuMask.and(d.affinity, online));
  if (d.pendingMask) add(CpuMask.and(d.pendingMask, online));
  return [...found.values()];
}

/** The first choice of assign_irq_vector_any_locked() that has a CPU. */
function activatedAmong(life: IrqLife, d: IrqDesc, affinity: CpuMask): CpuMask {
  const online = usableMask(life, d);
  const wanted = intersection(life, affinity, online);
  const ofNode = d.node < 0 ? life.noCpus : intersection(life, nodeOnlineMask(life, d.node), online);
  const both = intersection(life, wanted, ofNode);
  const choices = life.config.kernel.has('assign-any-mask-before-node')
    ? [both, wanted, ofNode, online]
    : [both, ofNode, wanted, online];
  return choices.find((cpus) => !cpus.isEmpty()) ?? online;
}

/** The mask that irq_setup_affinity() starts it with. */
function startedAmong(life: IrqLife, d: IrqDesc, affinity: CpuMask): CpuMask {
  const online = usableMask(life, d);
  const wanted = intersection(life, affinity, online);
  const mask = wanted.isEmpty() ? online : wanted;
  const near = d.node < 0 ? life.noCpus : intersection(life, mask, nodeOnlineMask(life, d.node));
  return near.isEmpty() ? mask : near;
}

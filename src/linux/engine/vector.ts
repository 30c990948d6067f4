/**
 * How the x86 vector domain gives, moves and takes back vectors: the primitives of
 * arch/x86/kernel/apic/vector.c. Functions that can fail return 0 or a negative errno.
 */
import type { CpuMask } from '../../lib/cpumask.ts';
import { EBUSY } from '../../lib/errno.ts';
import { hasFlags, type IrqDesc, IrqFlag } from './irq-desc.ts';
import { type IrqLife, intersection, isOnline, nodeOnlineMask, usableMask } from './irq-life.ts';
import {
  irqMatrixAlloc,
  irqMatrixAllocManaged,
  irqMatrixFree,
  irqMatrixReserve,
  placedBit,
  placedCpu,
  RESERVATION_EXCEEDS,
} from './matrix.ts';
import { MANAGED_IRQ_SHUTDOWN_VECTOR, NR_VECTORS } from './vector-layout.ts';

/** Programs the hardware: mirrors apic_update_irq_cfg(). */
export function apicUpdateIrqCfg(d: IrqDesc, vector: number, cpu: number): void {
  d.cfgVector = vector;
  d.cfgDest = cpu;
  d.effectiveCpu = cpu;
  d.effectiveMask = null;
}

/** Parks the interrupt on the lowest online CPU that it may be on: mirrors vector_assign_managed_shutdown(). */
export function vectorAssignManagedShutdown(life: IrqLife, d: IrqDesc): void {
  apicUpdateIrqCfg(d, MANAGED_IRQ_SHUTDOWN_VECTOR, Math.max(0, usableMask(life, d).first()));
}

function freeVector(life: IrqLife, d: IrqDesc, cpu: number, vector: number): void {
  irqMatrixFree(life.matrix, cpu, vector, hasFlags(d, IrqFlag.managed));
  life.vectorTable[cpu * NR_VECTORS + vector] = 0;
}

/** Gives the interrupt a vector; the old one stays until the move is over: mirrors apic_update_vector(). */
function apicUpdateVector(life: IrqLife, d: IrqDesc, placed: number): void {
  d.prevVector = 0;
  if (d.vector !== 0) {
    if (isOnline(life, d.cpu)) {
      d.flags |= IrqFlag.moveInProgress;
      d.prevVector = d.vector;
      d.prevCpu = d.cpu;
      life.unsettled.add(d);
    } else {
      irqMatrixFree(life.matrix, d.cpu, d.vector, hasFlags(d, IrqFlag.managed));
    }
  }
  d.vector = placedBit(placed);
  d.cpu = placedCpu(placed);
  life.vectorTable[d.cpu * NR_VECTORS + d.vector] = d.irq + 1;
  apicUpdateIrqCfg(d, d.vector, d.cpu);
}

/**
 * A vector on a CPU of `dest`, unless it has one there: mirrors assign_vector_locked(). -EBUSY while an
 * earlier move is not over, -ENOSPC, -EINVAL for an empty mask.
 */
export function assignVectorLocked(life: IrqLife, d: IrqDesc, dest: CpuMask): number {
  if (d.vector !== 0 && isOnline(life, d.cpu) && dest.test(d.cpu)) return 0;
  if ((d.flags & (IrqFlag.moveInProgress | IrqFlag.cleanupQueued)) !== 0) return -EBUSY;
  const placed = irqMatrixAlloc(life.matrix, dest, hasFlags(d, IrqFlag.hasReserved));
  if (placed < 0) return placed;
  apicUpdateVector(life, d, placed);
  return 0;
}

/** A vector on some online CPU, near the node if possible: mirrors assign_irq_vector_any_locked(). */
export function assignIrqVectorAnyLocked(life: IrqLife, d: IrqDesc): number {
  const online = usableMask(life, d);
  const ofNode = d.node < 0 ? null : intersection(life, nodeOnlineMask(life, d.node), online);
  const wanted = (): CpuMask => intersection(life, d.affinity, online);
  const choices = ofNode
    ? [() => intersection(life, d.affinity, ofNode), wanted, () => ofNode, () => online]
    : [wanted, () => online];
  if (ofNode && !life.config.kernel.has('assign-any-mask-before-node')) {
    [choices[1], choices[2]] = [choices[2], choices[1]];
  }
  let result = 0;
  for (const choice of choices) {
    result = assignVectorLocked(life, d, choice());
    if (result === 0) break;
  }
  return result;
}

/**
 * One of its reserved vectors on a CPU of `dest` (within its affinity), unless it has one there: mirrors
 * assign_managed_vector(). -ENOSPC, -EINVAL for an empty mask.
 */
export function assignManagedVector(life: IrqLife, d: IrqDesc, dest: CpuMask): number {
  if (d.vector !== 0 && dest.test(d.cpu)) return 0;
  const placed = irqMatrixAllocManaged(life.matrix, dest);
  if (placed < 0) return placed;
  apicUpdateVector(life, d, placed);
  return 0;
}

/** Takes the interrupt's vectors away: mirrors clear_irq_vector(). */
export function clearIrqVector(life: IrqLife, d: IrqDesc): void {
  if (d.vector === 0) return;
  freeVector(life, d, d.cpu, d.vector);
  d.vector = 0;
  freeMovedVector(life, d);
}

/** Counts the interrupt as one that will want a vector, and parks it: mirrors reserve_irq_vector(). */
export function reserveIrqVector(life: IrqLife, d: IrqDesc): void {
  if (irqMatrixReserve(life.matrix)) life.log.push(RESERVATION_EXCEEDS);
  d.flags |= IrqFlag.canReserve | IrqFlag.hasReserved | IrqFlag.irqdCanReserve;
  vectorAssignManagedShutdown(life, d);
}

/** Frees the vector it moved away from, if any: mirrors free_moved_vector(). */
export function freeMovedVector(life: IrqLife, d: IrqDesc): void {
  if (d.prevVector === 0) return;
  freeVector(life, d, d.prevCpu, d.prevVector);
  d.prevVector = 0;
  d.flags &= ~(IrqFlag.moveInProgress | IrqFlag.cleanupQueued);
  life.cleanupLists.get(d.prevCpu)?.delete(d);
}

/** The move is over: lets the old CPU free the old vector soon. Mirrors vector_schedule_cleanup(). */
export function vectorScheduleCleanup(life: IrqLife, d: IrqDesc): void {
  if (!hasFlags(d, IrqFlag.moveInProgress)) return;
  d.flags &= ~IrqFlag.moveInProgress;
  if (!isOnline(life, d.prevCpu)) {
    life.log.push(`IRQ ${d.irq} schedule cleanup for offline CPU ${d.prevCpu}`);
    freeMovedVector(life, d);
    return;
  }
  const list = life.cleanupLists.get(d.prevCpu);
  if (list) list.add(d);
  else life.cleanupLists.set(d.prevCpu, new Set([d]));
  d.flags |= IrqFlag.cleanupQueued;
}

/** The cleanup timer of a CPU fires: mirrors vector_cleanup_callback(). */
export function vectorCleanup(life: IrqLife, cpu: number): void {
  const list = life.cleanupLists.get(cpu);
  life.cleanupLists.delete(cpu);
  for (const d of list ?? []) freeMovedVector(life, d);
}

/** All armed cleanup timers fire. Returns how many CPUs had one. */
export function tick(life: IrqLife): number {
  const cpus = [...life.cleanupLists.keys()];
  for (const cpu of cpus) vectorCleanup(life, cpu);
  return cpus.length;
}

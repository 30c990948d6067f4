/**
 * Activation: when an interrupt gets its real vector. Mirrors irq_domain_activate_irq() of
 * kernel/irq/irqdomain.c with x86_vector_activate() and x86_vector_deactivate().
 */
import { EINVAL } from '../../lib/errno.ts';
import { effectiveWithin, hasFlags, type IrqDesc, IrqFlag } from './irq-desc.ts';
import { type IrqLife, usableMask } from './irq-life.ts';
import {
  assignIrqVectorAnyLocked,
  assignManagedVector,
  clearIrqVector,
  reserveIrqVector,
  vectorAssignManagedShutdown,
} from './vector.ts';

/** Activates the interrupt; `reserve`: parking it is enough for now. 0 or a negative errno. */
export function irqDomainActivateIrq(life: IrqLife, d: IrqDesc, reserve: boolean): number {
  if (hasFlags(d, IrqFlag.activated)) return 0;
  const result = x86VectorActivate(life, d, reserve);
  if (result === 0) d.flags = (d.flags | IrqFlag.activated) & ~IrqFlag.emptyMessage;
  return result;
}

function x86VectorActivate(life: IrqLife, d: IrqDesc, reserve: boolean): number {
  if ((d.flags & (IrqFlag.canReserve | IrqFlag.managed)) === 0) {
    assignIrqVectorAnyLocked(life, d);
    return 0;
  }
  if (reserve || hasFlags(d, IrqFlag.managedShutdown)) {
    vectorAssignManagedShutdown(life, d);
    return 0;
  }
  if (hasFlags(d, IrqFlag.managed)) return activateManaged(life, d);
  return hasFlags(d, IrqFlag.hasReserved) ? activateReserved(life, d) : 0;
}

function activateManaged(life: IrqLife, d: IrqDesc): number {
  const usable = usableMask(life, d);
  // Nothing is to be cut off where the interrupt may be on all CPUs of the mask.
  const searchMask = d.affinity.isSubsetOf(usable)
    ? d.affinity
    : life.scratch.copyFrom(d.affinity).andWith(usable);
  if (searchMask.isEmpty()) return -EINVAL;
  const result = assignManagedVector(life, d, searchMask);
  if (result < 0) life.log.push(`Managed startup irq ${d.irq}, no vector available`);
  return result;
}

function activateReserved(life: IrqLife, d: IrqDesc): number {
  const result = assignIrqVectorAnyLocked(life, d);
  if (result === 0) {
    d.flags &= ~IrqFlag.hasReserved;
    if (!hasFlags(d, IrqFlag.irqdCanReserve)) d.flags &= ~IrqFlag.canReserve;
  }
  if (!effectiveWithin(d, d.affinity)) {
    life.log.push(`irq ${d.irq}: Affinity broken due to vector space exhaustion.`);
  }
  return result;
}

/** Gives the real vector back, unless it is fixed (neither managed nor reservable). */
export function irqDomainDeactivateIrq(life: IrqLife, d: IrqDesc): void {
  if (!hasFlags(d, IrqFlag.activated)) return;
  const returns = (d.flags & (IrqFlag.managed | IrqFlag.canReserve)) !== 0;
  if (returns && !hasFlags(d, IrqFlag.hasReserved)) {
    clearIrqVector(life, d);
    if (hasFlags(d, IrqFlag.canReserve)) reserveIrqVector(life, d);
    else vectorAssignManagedShutdown(life, d);
  }
  d.flags = (d.flags & ~IrqFlag.activated) | IrqFlag.emptyMessage;
}

/**
 * Changing where an interrupt goes: irq_do_set_affinity(), irq_set_affinity() and the deferred change of
 * kernel/irq/manage.c and kernel/irq/migration.c, over apic_set_affinity().
 */
import type { CpuMask } from '../../lib/cpumask.ts';
import { EBUSY, EINVAL, EIO, EPERM } from '../../lib/errno.ts';
import { hasFlags, type IrqDesc, IrqFlag } from './irq-desc.ts';
import { type IrqLife, intersection, isRemapped, movesAtOnce, usableMask } from './irq-life.ts';
import { assignManagedVector, assignVectorLocked, vectorScheduleCleanup } from './vector.ts';

/**
 * Moves an interrupt to the online CPUs of a mask and remembers the mask: mirrors irq_do_set_affinity().
 * -EINVAL if none is online, -EIO if it is not activated, or what the vector assignment says.
 */
export function irqDoSetAffinity(life: IrqLife, d: IrqDesc, mask: CpuMask): number {
  const result = hasFlags(d, IrqFlag.managed) ? moveManaged(life, d, mask) : moveOrdinary(life, d, mask);
  if (result !== 0) return result;
  if (hasFlags(d, IrqFlag.moveInProgress) && isRemapped(life, d)) vectorScheduleCleanup(life, d);
  d.affinity = mask;
  return 0;
}

function moveOrdinary(life: IrqLife, d: IrqDesc, mask: CpuMask): number {
  const target = intersection(life, mask, usableMask(life, d));
  if (target.isEmpty()) return -EINVAL;
  if (!hasFlags(d, IrqFlag.activated)) return -EIO;
  if (refusedByStub(life, d, target)) return -EINVAL;
  return assignVectorLocked(life, d, target);
}

/** Mirrors hyperv_ir_set_affinity(): a mask that is not all within the stub's is refused, not narrowed. */
export function refusedByStub({ config }: IrqLife, d: IrqDesc, target: CpuMask): boolean {
  const { lineMask } = config;
  return (
    lineMask !== undefined && lineMask !== null && hasFlags(d, IrqFlag.line) && !target.isSubsetOf(lineMask)
  );
}

/** With isolcpus=managed_irq the housekeeping CPUs of the mask are taken, if one is online. */
function moveManaged(life: IrqLife, d: IrqDesc, mask: CpuMask): number {
  const target = life.scratch.copyFrom(mask).andWith(usableMask(life, d));
  const housekeeping = life.config.hkManaged;
  if (housekeeping && target.intersects(housekeeping)) target.andWith(housekeeping);
  if (target.isEmpty()) return -EINVAL;
  if (!hasFlags(d, IrqFlag.activated)) return -EIO;
  if (mask !== d.affinity) target.andWith(d.affinity);
  return assignManagedVector(life, d, target);
}

function deferAffinity(life: IrqLife, d: IrqDesc, mask: CpuMask): void {
  d.flags |= IrqFlag.affinityPending;
  d.pendingMask = mask;
  life.unsettled.add(d);
}

/**
 * Mirrors irq_set_affinity_locked(): at once with interrupt remapping, else with the next interrupt.
 * 0, or the error of {@link irqDoSetAffinity}.
 */
export function irqSetAffinityLocked(life: IrqLife, d: IrqDesc, mask: CpuMask): number {
  d.flags |= IrqFlag.affinitySet;
  if (!hasFlags(d, IrqFlag.activated)) {
    d.affinity = mask;
    d.effectiveCpu = -1;
    d.effectiveMask = mask;
    life.unsettled.add(d);
    return 0;
  }
  if (movesAtOnce(life, d) && !hasFlags(d, IrqFlag.affinityPending)) {
    const result = irqDoSetAffinity(life, d, mask);
    if (result !== -EBUSY) return result;
  }
  deferAffinity(life, d, mask);
  return 0;
}

/** A driver sets the affinity: mirrors irq_set_affinity(). 0 or a negative errno. */
export function setAffinity(life: IrqLife, irq: number, mask: CpuMask): number {
  const d = life.irqs.get(irq);
  return d ? irqSetAffinityLocked(life, d, mask) : -EINVAL;
}

/**
 * The user writes /proc/irq/N/smp_affinity: mirrors write_irq_affinity(). Managed interrupts and timers
 * refuse (-EPERM, -EIO before 6.12), a mask without online CPU is -EINVAL, and so is one that Hyper-V's stub refuses.
 */
export function setAffinityUser(life: IrqLife, irq: number, mask: CpuMask): number {
  const d = life.irqs.get(irq);
  if (!d) return -EINVAL;
  if ((d.flags & (IrqFlag.managed | IrqFlag.noBalancing)) !== 0)
    return life.config.kernel.has('managed-affinity-eperm') ? -EPERM : -EIO;
  if (!mask.intersects(usableMask(life, d))) return -EINVAL;
  if (hasFlags(d, IrqFlag.activated) && refusedByStub(life, d, intersection(life, mask, usableMask(life, d))))
    return -EINVAL;
  return irqSetAffinityLocked(life, d, mask);
}

/** The interrupt arrived, now a deferred change can be made: mirrors irq_move_masked_irq(). */
export function irqMoveMaskedIrq(life: IrqLife, d: IrqDesc): void {
  if (!hasFlags(d, IrqFlag.affinityPending)) return;
  d.flags &= ~IrqFlag.affinityPending;
  const mask = d.pendingMask;
  d.pendingMask = null;
  if (!mask?.intersects(usableMask(life, d))) return;
  if (irqDoSetAffinity(life, d, mask) === -EBUSY) deferAffinity(life, d, mask);
}

/**
 * A CPU goes down: ends a deferred change if its mask has no online CPU left, or in any case with `force`.
 * Returns the mask to use instead of the affinity, or null. Mirrors irq_fixup_move_pending().
 */
export function irqFixupMovePending(life: IrqLife, d: IrqDesc, force: boolean): CpuMask | null {
  if (!hasFlags(d, IrqFlag.affinityPending)) return null;
  const usable = d.pendingMask?.intersects(usableMask(life, d)) ? d.pendingMask : null;
  if (force || !usable) {
    d.flags &= ~IrqFlag.affinityPending;
    d.pendingMask = null;
  }
  return usable;
}

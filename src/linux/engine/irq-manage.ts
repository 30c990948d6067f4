/**
 * What drivers do with an interrupt: request and free it, and what the hardware does: raise it. Mirrors
 * request_irq(), free_irq() and irq_startup() of kernel/irq/manage.c and kernel/irq/chip.c.
 */
import type { CpuMask } from '../../lib/cpumask.ts';
import { EBUSY, EINVAL } from '../../lib/errno.ts';
import { irqDoSetAffinity, irqMoveMaskedIrq } from './irq-affinity.ts';
import { hasFlags, type IrqDesc, IrqFlag } from './irq-desc.ts';
import { irqDomainActivateIrq, irqDomainDeactivateIrq } from './irq-domain.ts';
import { type IrqLife, intersection, isOnline, isRemapped, nodeOnlineMask, usableMask } from './irq-life.ts';
import { irqMatrixRemoveManaged, irqMatrixRemoveReserved } from './matrix.ts';
import { clearIrqVector, vectorScheduleCleanup } from './vector.ts';
import { NR_VECTORS } from './vector-layout.ts';

/** True if the interrupt is all on one online CPU, whose vector table names it. */
export function isSettled(life: IrqLife, d: IrqDesc): boolean {
  return (
    d.vector !== 0 &&
    d.prevVector === 0 &&
    d.effectiveCpu === d.cpu &&
    isOnline(life, d.cpu) &&
    !hasFlags(d, IrqFlag.affinityPending) &&
    life.vectorTable[d.cpu * NR_VECTORS + d.vector] === d.irq + 1
  );
}

/** Starts an interrupt that is not started: mirrors irq_startup(). It may come out shut down. */
export function irqStartup(life: IrqLife, d: IrqDesc): void {
  if (hasFlags(d, IrqFlag.started)) return;
  if (hasFlags(d, IrqFlag.managed)) {
    if (!irqStartupManaged(life, d)) {
      d.flags |= IrqFlag.managedShutdown;
      life.shutDown.add(d);
      return;
    }
    life.shutDown.delete(d);
    irqDoSetAffinity(life, d, d.affinity);
  } else {
    irqDoSetAffinity(life, d, irqSetupAffinity(life, d));
  }
  d.flags |= IrqFlag.started;
  if (!isSettled(life, d)) life.unsettled.add(d);
}

/** Mirrors __irq_startup_managed(): false if no CPU of the mask is online, or there is no vector. */
function irqStartupManaged(life: IrqLife, d: IrqDesc): boolean {
  d.flags &= ~IrqFlag.managedShutdown;
  return d.affinity.intersects(usableMask(life, d)) && irqDomainActivateIrq(life, d, false) === 0;
}

/** The mask an ordinary interrupt starts with: mirrors irq_setup_affinity(). */
function irqSetupAffinity(life: IrqLife, d: IrqDesc): CpuMask {
  const online = usableMask(life, d);
  let set = life.domains[d.domain].defaultAffinity;
  if (hasFlags(d, IrqFlag.affinitySet)) {
    if (d.affinity.intersects(online)) set = d.affinity;
    else d.flags &= ~IrqFlag.affinitySet;
  }
  let mask = intersection(life, set, online);
  if (mask.isEmpty()) mask = online;
  if (d.node < 0) return mask;
  const near = intersection(life, mask, nodeOnlineMask(life, d.node));
  return near.isEmpty() ? mask : near;
}

/**
 * Mirrors request_irq(). -EBUSY if it is requested, -EINVAL if there is no such interrupt, or why an
 * ordinary one got no vector. A managed one without online CPU is requested all the same, and shut down.
 */
export function requestIrq(life: IrqLife, irq: number): number {
  const d = life.irqs.get(irq);
  if (!d) return -EINVAL;
  if (hasFlags(d, IrqFlag.requested)) return -EBUSY;
  if (!hasFlags(d, IrqFlag.managed)) {
    const result = irqDomainActivateIrq(life, d, false);
    if (result < 0) return result;
  }
  irqStartup(life, d);
  d.flags |= IrqFlag.requested;
  return 0;
}

/** Its handler has IRQF_NOBALANCING: mirrors what __setup_irq() makes of that. */
export function irqSetNoBalancing(life: IrqLife, irq: number): void {
  const d = life.irqs.get(irq);
  if (d) d.flags |= IrqFlag.noBalancing;
}

/** Stops an interrupt and gives its vector back: mirrors irq_shutdown_and_deactivate(). */
export function irqShutdownAndDeactivate(life: IrqLife, d: IrqDesc): void {
  d.flags &= ~IrqFlag.started;
  irqDomainDeactivateIrq(life, d);
}

/** Mirrors free_irq(). -EINVAL if there is no such interrupt, 0 also if it was not requested. */
export function freeIrq(life: IrqLife, irq: number): number {
  const d = life.irqs.get(irq);
  if (!d) return -EINVAL;
  if (!hasFlags(d, IrqFlag.requested)) return 0;
  irqShutdownAndDeactivate(life, d);
  d.flags &= ~IrqFlag.requested;
  life.shutDown.delete(d);
  return 0;
}

/** Frees the interrupt's number and all it holds: mirrors x86_vector_free_irqs(). -EINVAL if unknown. */
export function destroyIrq(life: IrqLife, irq: number): number {
  const d = life.irqs.get(irq);
  if (!d) return -EINVAL;
  irqDomainDeactivateIrq(life, d);
  clearIrqVector(life, d);
  if (hasFlags(d, IrqFlag.hasReserved)) irqMatrixRemoveReserved(life.matrix);
  if (d.reservedOn) irqMatrixRemoveManaged(life.matrix, d.reservedOn);
  life.irqs.delete(irq);
  life.unsettled.delete(d);
  life.shutDown.delete(d);
  return 0;
}

/**
 * The device raises the interrupt; `old`: a message still on the way to the vector before the last move.
 * 0, or -1 if it is lost. Mirrors apic_ack_edge() with irq_complete_move() and irq_move_irq().
 */
export function fire(life: IrqLife, irq: number, old: boolean): number {
  const d = life.irqs.get(irq);
  if (!d || !hasFlags(d, IrqFlag.started)) return -1;
  const vector = old ? d.prevVector : d.vector;
  const cpu = old ? d.prevCpu : d.cpu;
  if (vector === 0 || !isOnline(life, cpu)) return -1;
  if (life.vectorTable[cpu * NR_VECTORS + vector] !== irq + 1) return -1;
  if (!isRemapped(life, d) && cpu === d.cpu) vectorScheduleCleanup(life, d);
  irqMoveMaskedIrq(life, d);
  return 0;
}

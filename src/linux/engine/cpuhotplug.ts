/**
 * What CPU hotplug does to interrupts: kernel/irq/cpuhotplug.c with lapic_can_unplug_cpu(),
 * lapic_online() and lapic_offline() of arch/x86/kernel/apic/vector.c.
 */
import { CpuMask } from '../../lib/cpumask.ts';
import { EBUSY, ENOSPC } from '../../lib/errno.ts';
import { irqDoSetAffinity, irqFixupMovePending, irqSetAffinityLocked } from './irq-affinity.ts';
import { effectiveWithin, hasFlags, type IrqDesc, IrqFlag } from './irq-desc.ts';
import { type IrqLife, isOnline, setCpuOnline, usableMask, vectorTableIrqs } from './irq-life.ts';
import { irqShutdownAndDeactivate, irqStartup, isSettled } from './irq-manage.ts';
import { irqMatrixAllocated, irqMatrixAvailable, irqMatrixOffline, irqMatrixOnline } from './matrix.ts';
import { freeMovedVector, vectorCleanup } from './vector.ts';
import { NR_VECTORS } from './vector-layout.ts';

const byNumber = (a: IrqDesc, b: IrqDesc): number => a.irq - b.irq;

/**
 * Takes a CPU down. 0 (also if it is down), -EBUSY for the last one, or -ENOSPC if the others have too few
 * vectors for those it would lose. `othersRun`: CPUs that interrupts cannot use are online besides (a what-if).
 */
export function cpuDown(life: IrqLife, cpu: number, othersRun = false): number {
  if (!isOnline(life, cpu)) return 0;
  if (life.matrix.onlineMaps === 1 && !othersRun) return -EBUSY;
  const refused = lapicCanUnplugCpu(life, cpu);
  if (refused < 0) return refused;
  withdrawCpu(life, cpu);
  return 0;
}

/** Interrupts leave the CPU, whatever room there is elsewhere; it is as offline to them. */
export function withdrawCpu(life: IrqLife, cpu: number): void {
  setCpuOnline(life, cpu, false);
  for (const d of irqsToMigrate(life, cpu)) {
    migrateOneIrq(life, d, cpu);
    if (isSettled(life, d) || isIdle(d)) life.unsettled.delete(d);
    else life.unsettled.add(d);
  }
  lapicOffline(life, cpu);
}

/** Whether the others have vectors for those of an online CPU: 0, or -ENOSPC. Mirrors lapic_can_unplug_cpu(). */
export function lapicCanUnplugCpu(life: IrqLife, cpu: number): number {
  const { matrix, log } = life;
  const vectors = irqMatrixAllocated(matrix, cpu);
  const available = irqMatrixAvailable(matrix, cpu, true) + life.unusableVectors;
  if (available < vectors) {
    log.push(`CPU ${cpu} has ${vectors} vectors, ${available} available. Cannot disable CPU`);
    return -ENOSPC;
  }
  if (available < matrix.globalReserved) {
    log.push(`Reserved vectors ${matrix.globalReserved} > available ${available}. IRQ request may fail`);
  }
  return 0;
}

/** Neither started nor in the middle of a change: nothing a CPU going down could do to it. */
function isIdle(d: IrqDesc): boolean {
  return (d.flags & (IrqFlag.started | IrqFlag.affinityPending)) === 0 && d.prevVector === 0;
}

/** Every interrupt that {@link migrateOneIrq} would do something to is among these; ascending. */
function irqsToMigrate(life: IrqLife, cpu: number): IrqDesc[] {
  const found = new Set(life.unsettled);
  for (const d of vectorTableIrqs(life, cpu)) found.add(d);
  return [...found].sort(byNumber);
}

/** Mirrors migrate_one_irq(), for a CPU that has left the online mask. */
function migrateOneIrq(life: IrqLife, d: IrqDesc, cpu: number): void {
  irqForceCompleteMove(life, d, cpu);
  if (!hasFlags(d, IrqFlag.started) || !irqNeedsFixup(life, d, cpu)) {
    irqFixupMovePending(life, d, false);
    return;
  }
  const online = usableMask(life, d);
  let target = irqFixupMovePending(life, d, true) ?? d.affinity;
  if (!target.intersects(online)) {
    if (hasFlags(d, IrqFlag.managed)) {
      d.flags |= IrqFlag.managedShutdown;
      life.shutDown.add(d);
      irqShutdownAndDeactivate(life, d);
      return;
    }
    target = online;
  }
  let result = irqDoSetAffinity(life, d, target);
  const retries = life.config.kernel.has('migrate-retries-any-online');
  if (result === -ENOSPC && retries && !hasFlags(d, IrqFlag.managed) && target !== online) {
    result = irqDoSetAffinity(life, d, online);
  }
  if (result < 0) life.log.push(`IRQ${d.irq}${SET_AFFINITY_FAILED}(${result}).`);
}

const SET_AFFINITY_FAILED = ': set affinity failed';

/** A line that migrate_one_irq() logs when it leaves an interrupt where it is; the kernel limits their rate. */
export function isSetAffinityFailure(message: string): boolean {
  return message.includes(SET_AFFINITY_FAILED);
}

function irqForceCompleteMove(life: IrqLife, d: IrqDesc, cpu: number): void {
  if (d.prevVector === 0 || (cpu !== d.cpu && cpu !== d.prevCpu)) return;
  if (hasFlags(d, IrqFlag.moveInProgress)) {
    life.log.push(`IRQ fixup: irq ${d.irq} move in progress, old vector ${d.prevVector}`);
  }
  freeMovedVector(life, d);
}

/** Its effective affinity holds the dying CPU, or no online one at all: mirrors irq_needs_fixup(). */
function irqNeedsFixup(life: IrqLife, d: IrqDesc, cpu: number): boolean {
  if (!d.effectiveMask && isOnline(life, d.effectiveCpu)) return false;
  const effective = d.effectiveMask ?? CpuMask.of(life.config.nrCpus, [d.effectiveCpu]);
  const mask = effective.isEmpty() ? d.affinity : effective;
  if (mask.test(cpu)) return true;
  if (mask.isEmpty() || mask.intersects(life.online.bits)) return false;
  life.log.push(
    `Eff. affinity ${mask} of IRQ ${d.irq} contains only offline CPUs after offlining CPU ${cpu}`,
  );
  return true;
}

/** Mirrors lapic_offline(): the CPU forgets its vectors. */
function lapicOffline(life: IrqLife, cpu: number): void {
  emptyVectorTable(life, cpu);
  vectorCleanup(life, cpu);
  irqMatrixOffline(life.matrix, cpu);
}

function emptyVectorTable(life: IrqLife, cpu: number): void {
  life.vectorTable.fill(0, cpu * NR_VECTORS, (cpu + 1) * NR_VECTORS);
}

/**
 * Brings a CPU up, and starts the managed interrupts that waited for it. 0, also if it is up. With
 * isolcpus=managed_irq, managed interrupts on isolated CPUs move to a new housekeeping CPU. `suspended`:
 * the machine wakes up and device interrupts are still suspended, so they wait for {@link resumeIrqs}.
 */
export function cpuUp(life: IrqLife, cpu: number, suspended = false): number {
  if (isOnline(life, cpu)) return 0;
  setCpuOnline(life, cpu, true);
  // The table of a CPU that never was up is empty, and memory that nobody touches costs nothing.
  if (life.matrix.initialized[cpu] !== 0) emptyVectorTable(life, cpu);
  irqMatrixOnline(life.matrix, cpu);
  if (suspended) return 0;
  const { hkManaged } = life.config;
  const housekeeping = hkManaged?.test(cpu) ? hkManaged : null;
  if (!housekeeping && life.shutDown.size === 0) return 0;
  const candidates = housekeeping ? life.irqs.values() : life.shutDown;
  for (const d of [...candidates].filter((each) => isManagedUser(each, cpu)).sort(byNumber)) {
    if (hasFlags(d, IrqFlag.managedShutdown)) irqStartup(life, d);
    if (housekeeping && !effectiveWithin(d, housekeeping)) {
      irqSetAffinityLocked(life, d, d.affinity);
    }
  }
  return 0;
}

/** The machine woke up: starts what was shut down and has an online CPU again. Mirrors resume_irqs(). */
export function resumeIrqs(life: IrqLife): void {
  for (const d of [...life.shutDown].sort(byNumber)) irqStartup(life, d);
}

/** A managed interrupt in use that may be on the CPU: mirrors the checks of irq_restore_affinity_of_irq(). */
function isManagedUser(d: IrqDesc, cpu: number): boolean {
  return hasFlags(d, IrqFlag.managed | IrqFlag.requested) && d.affinity.test(cpu);
}

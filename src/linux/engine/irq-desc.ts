/**
 * One interrupt: struct irq_desc and irq_data of include/linux/irqdesc.h and irq.h, and the
 * apic_chip_data of arch/x86/kernel/apic/vector.c, in one.
 */
import type { CpuMask } from '../../lib/cpumask.ts';

/** Bits of {@link IrqDesc.flags}, by their kernel names. */
export const IrqFlag = {
  /** IRQD_AFFINITY_MANAGED and apicd->is_managed. */
  managed: 1 << 0,
  /** apicd->can_reserve. */
  canReserve: 1 << 1,
  /** apicd->has_reserved: counted in the matrix's global reservations. */
  hasReserved: 1 << 2,
  /** apicd->move_in_progress. */
  moveInProgress: 1 << 3,
  /** On the cleanup list of `prevCpu`. */
  cleanupQueued: 1 << 4,
  /** IRQD_ACTIVATED. */
  activated: 1 << 5,
  /** IRQD_IRQ_STARTED. */
  started: 1 << 6,
  /** IRQD_MANAGED_SHUTDOWN: no CPU of the mask was online. */
  managedShutdown: 1 << 7,
  /** IRQD_SETAFFINITY_PENDING: waits for the next interrupt. */
  affinityPending: 1 << 8,
  /** A driver has requested it. */
  requested: 1 << 9,
  /** IRQD_AFFINITY_SET: somebody chose the mask. */
  affinitySet: 1 << 10,
  /** IRQD_CAN_RESERVE. */
  irqdCanReserve: 1 << 11,
  /** msi_domain_deactivate() wrote an empty message: the entry of the MSI-X table reads zero. */
  emptyMessage: 1 << 12,
  /** No remapping hardware lies between device and CPU although the machine has some. */
  unremapped: 1 << 13,
  /** A pin of the IO-APIC. */
  line: 1 << 14,
  /** A channel of the HPET: it moves at once (IRQD_MOVE_PCNTXT). */
  cpuTimer: 1 << 15,
  /** IRQD_NO_BALANCING: a timer, which users may not move. */
  noBalancing: 1 << 16,
} as const;

/** Only the engine changes it. Masks may be shared between interrupts: they are replaced, not written. */
export interface IrqDesc {
  readonly irq: number;
  /** Home node, -1 if none. */
  readonly node: number;
  /** Index into the domains of {@link IrqLife}. */
  readonly domain: number;
  /** {@link IrqFlag}s. */
  flags: number;
  affinity: CpuMask;
  /** Managed: the CPUs that hold a reserved vector for it. */
  reservedOn: CpuMask | null;
  /** The one CPU of the effective affinity, or -1: see `effectiveMask`. */
  effectiveCpu: number;
  /** The effective affinity where it is not one CPU (set while not activated). */
  effectiveMask: CpuMask | null;
  /** With affinityPending the mask to come, else null. */
  pendingMask: CpuMask | null;
  /** Vector and CPU it owns; vector 0: none, `cpu` is where it had the last. */
  vector: number;
  cpu: number;
  /** Where it came from while the move is not cleaned up; prevVector 0: no such move. */
  prevVector: number;
  prevCpu: number;
  /** What the hardware is programmed to: a vector, and the CPU that it goes to. */
  cfgVector: number;
  cfgDest: number;
}

/** A descriptor without a vector, as irq_domain_alloc_irqs() leaves it. */
export function allocDesc(
  irq: number,
  node: number,
  affinity: CpuMask,
  flags: number,
  domain: number,
): IrqDesc {
  return {
    irq,
    node,
    domain,
    flags,
    affinity,
    reservedOn: null,
    effectiveCpu: 0,
    effectiveMask: null,
    pendingMask: null,
    vector: 0,
    cpu: 0,
    prevVector: 0,
    prevCpu: 0,
    cfgVector: 0,
    cfgDest: 0,
  };
}

/** True if all the flags are set. */
export function hasFlags(d: IrqDesc, flags: number): boolean {
  return (d.flags & flags) === flags;
}

/** The effective affinity is a subset of the mask. */
export function effectiveWithin(d: IrqDesc, mask: CpuMask): boolean {
  return d.effectiveMask ? d.effectiveMask.isSubsetOf(mask) : mask.test(d.effectiveCpu);
}

/**
 * Allocating interrupts: MSI vectors, IO-APIC pins and the legacy pins, in the x86 vector domain. Mirrors
 * x86_vector_alloc_irqs() with the early activation of kernel/irq/msi.c. 0 or a negative errno.
 */
import { BugError } from '../../lib/assert.ts';
import { CpuMask } from '../../lib/cpumask.ts';
import { EINVAL } from '../../lib/errno.ts';
import { allocDesc, type IrqDesc, IrqFlag } from './irq-desc.ts';
import { irqDomainActivateIrq } from './irq-domain.ts';
import type { IrqLife } from './irq-life.ts';
import { destroyIrq } from './irq-manage.ts';
import { irqMatrixReserveManaged } from './matrix.ts';
import { apicUpdateIrqCfg, clearIrqVector, reserveIrqVector } from './vector.ts';
import { isaIrqVector, PIC_CASCADE_IR } from './vector-layout.ts';

export interface MsiRequest {
  /** Node of the device, -1 if none. */
  readonly node: number;
  /** Mask of the affinity descriptor; absent: no descriptor. It is kept, and must not change. */
  readonly affinity?: CpuMask;
  /** The descriptor is a managed one. Default false. */
  readonly managed?: boolean;
  /** Managed: CPUs to reserve a vector on. Default the whole affinity, as every kernel does. */
  readonly reserveOn?: CpuMask | undefined;
  /** The device is outside the remapping unit that the machine has. Default false. */
  readonly unremapped?: boolean;
  /** Index into the domains of {@link IrqLife}. Default 0. */
  readonly domain?: number;
  /** A channel of the HPET, the timer of one CPU. Default false. */
  readonly cpuTimer?: boolean;
  /** MSI-X, or MSI with per-vector masking. Default true. */
  readonly maskable?: boolean;
}

function addDesc(life: IrqLife, d: IrqDesc): void {
  // No assert: it would make a function for every interrupt.
  if (life.irqs.has(d.irq)) throw new BugError(`irq ${d.irq} exists already`);
  life.irqs.set(d.irq, d);
}

/**
 * One MSI or MSI-X vector. -EINVAL for an empty mask; -ENOSPC if a CPU of a managed mask has no vector
 * left, or if one that cannot be masked gets none. The interrupt exists only if it succeeds.
 */
export function allocMsi(life: IrqLife, irq: number, request: MsiRequest): number {
  const { affinity, managed = false, maskable = true, domain = 0 } = request;
  const { unremapped = false, cpuTimer = false } = request;
  const first = affinity ? affinity.first() : 0;
  if (first < 0) return -EINVAL;
  const isManaged = affinity !== undefined && managed;
  const d = allocDesc(
    irq,
    affinity ? life.config.nodeOf[first] : request.node,
    affinity ?? life.domains[domain].defaultAffinity,
    (affinity ? IrqFlag.affinitySet : 0) |
      (isManaged ? IrqFlag.managed | IrqFlag.managedShutdown : 0) |
      (unremapped ? IrqFlag.unremapped : 0) |
      (cpuTimer ? IrqFlag.cpuTimer | IrqFlag.noBalancing : 0),
    domain,
  );
  if (isManaged) {
    d.reservedOn = request.reserveOn ?? d.affinity;
    const result = irqMatrixReserveManaged(life.matrix, d.reservedOn);
    if (result < 0) return result;
  } else {
    reserveIrqVector(life, d);
  }
  addDesc(life, d);
  if (!maskable) d.flags &= ~IrqFlag.irqdCanReserve;
  const result = irqDomainActivateIrq(life, d, maskable);
  // What was only parked is activated in earnest when it is requested.
  if (maskable) d.flags &= ~IrqFlag.activated;
  if (result < 0) destroyIrq(life, irq);
  return result;
}

/** The mask that a line begins with. */
function lineAffinity({ config, domains }: IrqLife, domain: number): CpuMask {
  return config.lineMask ?? domains[domain].defaultAffinity;
}

/** A pin of the IO-APIC that is no legacy interrupt. */
export function allocIoapic(life: IrqLife, irq: number, node: number, domain = 0): number {
  const d = allocDesc(irq, node, lineAffinity(life, domain), IrqFlag.line, domain);
  addDesc(life, d);
  reserveIrqVector(life, d);
  return 0;
}

/**
 * The IO-APIC takes a legacy pin (0-15 but 2) over from the PIC. `preActivated`: it was requested before
 * (the timer) and keeps its vector. -EINVAL if there is no such pin.
 */
export function allocLegacy(life: IrqLife, irq: number, preActivated: boolean, domain = 0): number {
  if (irq < 0 || irq >= life.config.nrLegacy || irq === PIC_CASCADE_IR) return -EINVAL;
  const affinity = preActivated ? CpuMask.of(life.config.nrCpus, [0]) : lineAffinity(life, domain);
  const inUse = IrqFlag.activated | IrqFlag.started | IrqFlag.requested;
  const d = allocDesc(irq, 0, affinity, IrqFlag.line | (preActivated ? inUse : 0), domain);
  addDesc(life, d);
  d.vector = isaIrqVector(irq);
  life.vectorTable[d.vector] = irq + 1;
  if (preActivated) {
    apicUpdateIrqCfg(d, d.vector, 0);
    life.unsettled.add(d);
  } else {
    clearIrqVector(life, d);
    reserveIrqVector(life, d);
  }
  return 0;
}

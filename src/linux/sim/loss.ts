/** Interrupts that are started and yet never arrive. */
import type { CpuMask } from '../../lib/cpumask.ts';
import { hasFlags, type IrqDesc, IrqFlag } from '../engine/irq-desc.ts';
import type { IrqLife } from '../engine/irq-life.ts';
import { NR_VECTORS } from '../engine/vector-layout.ts';
import type { CpuReach } from '../model/reach.ts';
import type { Loss } from './run.ts';

/** Where interrupts can arrive. */
export interface Arrival {
  readonly life: IrqLife;
  /** cpu_online_mask. */
  readonly online: CpuMask;
  /** What the interrupt's domain can address. */
  readonly reach: CpuReach;
}

/** The CPU that the interrupt is effective on. */
export function effectiveCpu(d: IrqDesc): number {
  return d.effectiveMask ? d.effectiveMask.first() : d.effectiveCpu;
}

/**
 * Why an interrupt that is started arrives nowhere; null if it arrives, or is not started. A CPU that comes back
 * has an empty vector table (lapic_online()), so what stayed on it while it was away is not taken up again.
 */
export function lossOf(d: IrqDesc, { life, online, reach }: Arrival): Loss | null {
  if (!hasFlags(d, IrqFlag.started)) return null;
  const cpu = effectiveCpu(d);
  if (!online.test(cpu)) return 'cpu-offline';
  if (reach.unreachable.test(cpu)) return 'cpu-unreachable';
  return life.vectorTable[cpu * NR_VECTORS + d.vector] === d.irq + 1 ? null : 'cpu-came-back';
}

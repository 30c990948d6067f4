/** Managed vectors on CPUs that the messages of their device cannot address. */
import { CpuMask } from '../../../lib/cpumask.ts';
import type { DeviceRun } from '../../../linux/sim/run.ts';
import type { Simulation } from '../../../linux/sim/simulation.ts';
import { domainOf } from './queue-facts.ts';

export interface Wasted {
  readonly vectors: number;
  /** The CPUs that hold them. */
  readonly cpus: CpuMask;
}

/** The CPUs on which the managed interrupts of a device hold a vector, each with how many interrupts do so. */
function reservations({ queues, interrupts }: DeviceRun): Map<CpuMask, number> {
  const found = new Map<CpuMask, number>();
  for (const { managed, affinity, reservedOn = affinity } of [...queues, ...interrupts]) {
    if (managed) found.set(reservedOn, (found.get(reservedOn) ?? 0) + 1);
  }
  return found;
}

/** Of all devices; `except`: CPUs that do not count. */
export function wastedVectors(facts: Simulation, except?: CpuMask): Wasted {
  const cpus = new CpuMask(facts.enumeration.nrCpuIds);
  let vectors = 0;
  for (const device of facts.run.devices) {
    const { unreachable: beyond } = domainOf(facts, device);
    const unreachable = except === undefined ? beyond : CpuMask.andNot(beyond, except);
    if (unreachable.isEmpty()) continue;
    for (const [mask, interrupts] of reservations(device)) {
      const held = mask.weightAnd(unreachable);
      if (held === 0) continue;
      vectors += held * interrupts;
      cpus.orWith(CpuMask.and(mask, unreachable));
    }
  }
  return { vectors, cpus };
}

/** The vectors of each possible CPU, CPUs that are alike together. */
import { CpuMask } from '../../lib/cpumask.ts';
import { perCpuCapacity } from '../../linux/sim/capacity.ts';
import type { System } from '../../linux/sim/system.ts';

/** CPUs with the same account. `managed + other + free` is the capacity. */
export interface CpuAccount {
  readonly cpus: CpuMask;
  readonly online: boolean;
  /** Vectors for devices. */
  readonly capacity: number;
  /** Reserved for managed interrupts, in use or not. */
  readonly managed: number;
  readonly managedInUse: number;
  /** In use by interrupts that nobody manages, those of the machine itself among them. */
  readonly other: number;
  /** Left; of a CPU that is offline: what it would have. */
  readonly free: number;
}

/** In the order of their first CPUs. */
export function cpuAccounts({ machine, enumeration, online, life: { matrix } }: System): CpuAccount[] {
  const capacity = perCpuCapacity(machine);
  const accounts = new Map<string, CpuAccount>();
  enumeration.possible.forEach((cpu) => {
    const managed = matrix.managed[cpu];
    const managedInUse = matrix.managedAllocated[cpu];
    const other = (matrix.allocated[cpu] - managedInUse) >>> 0;
    const key = `${online.test(cpu)} ${managed} ${managedInUse} ${other}`;
    const known = accounts.get(key);
    if (known) known.cpus.set(cpu);
    else {
      const cpus = CpuMask.of(enumeration.nrCpuIds, [cpu]);
      const free = capacity - managed - other;
      accounts.set(key, { cpus, online: online.test(cpu), capacity, managed, managedInUse, other, free });
    }
  });
  return [...accounts.values()];
}

/** The vectors of each possible CPU, CPUs that are alike together. */
import { CpuMask } from '../../lib/cpumask.ts';
import { perCpuCapacity } from '../../linux/sim/capacity.ts';
import type { System } from '../../linux/sim/system.ts';

/** CPUs with the same account. `managed + other + free` is the capacity. */
export interface CpuAccount {
  readonly cpus: CpuMask;
  readonly online: boolean;
  /** Interrupts may use them: they are online, and no policy keeps them from it. */
  readonly usable: boolean;
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
export function cpuAccounts({ machine, enumeration, online, life }: System): CpuAccount[] {
  const { matrix } = life;
  const capacity = perCpuCapacity(machine);
  const accounts = new Map<string, CpuAccount>();
  enumeration.possible.forEach((cpu) => {
    const managed = matrix.managed[cpu];
    const managedInUse = matrix.managedAllocated[cpu];
    const other = (matrix.allocated[cpu] - managedInUse) >>> 0;
    const usable = life.online.bits.test(cpu);
    const key = `${online.test(cpu)} ${usable} ${managed} ${managedInUse} ${other}`;
    const known = accounts.get(key);
    if (known) known.cpus.set(cpu);
    else {
      const cpus = CpuMask.of(enumeration.nrCpuIds, [cpu]);
      const free = capacity - managed - other;
      const vectors = { capacity, managed, managedInUse, other, free };
      accounts.set(key, { cpus, online: online.test(cpu), usable, ...vectors });
    }
  });
  return [...accounts.values()];
}

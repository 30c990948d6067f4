/** What each device took of the vectors, in probe order. */
import type { CpuMask } from '../../lib/cpumask.ts';
import { ENOSPC } from '../../lib/errno.ts';
import type { System } from '../../linux/sim/system.ts';
import type { DriverName } from '../../machine/driver-names.ts';

/** The vectors that are left on online CPUs that interrupts may use. */
export interface Left {
  /** On the CPU that has the fewest; 0 where none is online. */
  readonly lowestCpu: number;
  /** That CPU, the first of several; null: none is online. */
  readonly cpu: number | null;
  readonly total: number;
}

/** The account of one device when it was probed; what came later is not in it. */
export interface DeviceAccount {
  readonly name: string;
  readonly driver: DriverName;
  readonly asked: number;
  readonly granted: number;
  /** Vectors that online CPUs had less after it than before. */
  readonly took: number;
  /** What is left after it. */
  readonly freeAfter: Left;
  /** How the driver got less than it asked for, in words, or null. */
  readonly fallback: string | null;
  /** A CPU, or all of them, had no vector left for it. */
  readonly shortOf: boolean;
  /** The CPU whose vectors were used up, where a managed interrupt was refused. */
  readonly fullCpu: number | null;
}

/** Vectors of interrupts that have moved count as free: they are given back at the next tick. */
function leftOn({ life: { matrix, cleanupLists, online } }: System): Left {
  let cpu: number | null = null;
  let lowestCpu = 0;
  let total = 0;
  for (let each = online.bits.first(); each >= 0; each = online.bits.next(each)) {
    const free = matrix.available[each] + (cleanupLists.get(each)?.size ?? 0);
    total += free;
    if (cpu === null || free < lowestCpu) [cpu, lowestCpu] = [each, free];
  }
  return { lowestCpu, cpu, total };
}

/** Notes each device as it is probed: `watch` is for `probeAndRun`. */
export class DeviceAccounts {
  readonly accounts: DeviceAccount[] = [];
  #before: Left | null = null;

  readonly watch = (system: System): void => {
    const left = leftOn(system);
    const device = system.devices.at(-1);
    if (device && this.#before) {
      const { spec, plan, granted, fallback, errno, fullCpu } = device;
      const took = this.#before.total - left.total;
      const shortOf = errno === ENOSPC;
      const { name, driver } = spec;
      const asked = plan.vectorsAsked;
      this.accounts.push({ name, driver, asked, granted, took, freeAfter: left, fallback, shortOf, fullCpu });
    }
    this.#before = left;
  };
}

/** CPUs that interrupts may use, without a free vector. */
export function fullCpus({ life: { matrix, online } }: System): CpuMask {
  const full = online.bits.clone();
  online.bits.forEach((cpu) => {
    if (matrix.available[cpu] > 0) full.clear(cpu);
  });
  return full;
}

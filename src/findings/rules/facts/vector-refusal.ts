/** Why a device did not get the vectors it asked for, in words. */

import { EINVAL } from '../../../lib/errno.ts';
import type { DeviceRun } from '../../../linux/sim/run.ts';
import type { Simulation } from '../../../linux/sim/simulation.ts';

/** Short for the headline, long for the cause; by the errno of the last try that failed. */
export function vectorRefusal(
  { run }: Simulation,
  { errno, fullCpu, name }: DeviceRun,
): { short: string; long: string } {
  if (errno === EINVAL) {
    return {
      short: 'an affinity mask is empty (-EINVAL)',
      long: `${name} asked for more managed vectors in a set than there are possible CPUs, so one has no CPU`,
    };
  }
  if (fullCpu === null) {
    return {
      short: 'no online CPU has a vector left (-ENOSPC)',
      long: `an ordinary (not managed) vector of ${name} found no online CPU with one to spare`,
    };
  }
  const offline = run.online.test(fullCpu) ? '' : ', which is not even online,';
  return {
    short: `CPU ${fullCpu} has no vector left (-ENOSPC)`,
    long: `${name} needs a vector on every CPU of each mask, and CPU ${fullCpu}${offline} has none left`,
  };
}

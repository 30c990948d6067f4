/** What can be said of managed interrupts without probing: a bound below what devices reserve. */

import type { Machine } from '../../machine/machine.ts';
import { profileOf } from '../drivers/index.ts';
import { irqCalcAffinityVectors } from '../engine/affinity.ts';
import type { Simulation } from './simulation.ts';

/**
 * How many devices surely ask for managed vectors. The masks of a spread hold every possible CPU, so each of them
 * reserves a vector on CPU 0 at least, or is refused. `booted`: a machine that boots alike, with message interrupts,
 * under the kernel's own policy.
 */
export function managedDevices(
  machine: Machine,
  { enumeration, run }: Pick<Simulation, 'enumeration' | 'run'>,
): number {
  const { kernel, cmdline, devices } = machine;
  if (cmdline.noMsi) return 0;
  const { online, present } = run.timeline?.boot ?? run;
  const possible = enumeration.possible.weight();
  const counts = {
    kernel,
    cmdline,
    nrCpuIds: enumeration.nrCpuIds,
    possible,
    present: present.weight(),
    online: online.weight(),
  };
  return devices.filter((spec) => {
    const profile = profileOf(spec.driver);
    if (spec.interrupts !== 'msi-x' || spec.behind !== null || profile.managed !== true) return false;
    const { attempts, tableSize } = profile.plan(spec, counts);
    const [{ affinity, minvec, maxvec }] = attempts;
    if (affinity === null || minvec > tableSize) return false;
    const most = Math.min(maxvec, tableSize);
    const vectors = irqCalcAffinityVectors(kernel, possible, minvec, most, affinity);
    return vectors >= minvec && vectors > affinity.pre + affinity.post;
  }).length;
}

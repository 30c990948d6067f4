/** Which setting limits the number of CPUs: shared by the rules on CPUs and slots past it. */

import { MAX_LOCAL_APIC } from '../../../machine/apic-ids.ts';
import type { Machine, Path } from '../../../machine/machine.ts';
import { gainedBy } from './what-if.ts';

export interface CountLimit {
  /** As the user knows it: "nr_cpus=4". */
  readonly name: string;
  readonly path: Path;
}

/** True if some plugged CPU would come online without any limit on the number of CPUs. */
export function countLimitCosts(machine: Machine): boolean {
  const cmdline = { ...machine.cmdline, nrCpus: undefined, possibleCpus: undefined, maxCpus: undefined };
  const kernelConfig = { ...machine.kernelConfig, nrCpus: MAX_LOCAL_APIC };
  return gainedBy(machine, { cmdline, kernelConfig }).plugged.length > 0;
}

/** The lowest limit on the number of CPUs; where two are equal, one on the command line. */
export function countLimit({ cmdline, kernelConfig }: Machine): CountLimit {
  const { maxCpus, possibleCpus, nrCpus } = cmdline;
  const parameter = (key: string, value: number | undefined) => ({
    name: `${key}=${value}`,
    value: value ?? Number.POSITIVE_INFINITY,
    path: ['cmdline'],
  });
  const single = {
    name: 'nosmp or maxcpus=0',
    value: maxCpus === 0 ? 1 : Number.POSITIVE_INFINITY,
    path: ['cmdline'],
  };
  const config = {
    name: `CONFIG_NR_CPUS=${kernelConfig.nrCpus}`,
    value: kernelConfig.nrCpus,
    path: ['kernelConfig', 'nrCpus'],
  };
  const limits = [single, parameter('possible_cpus', possibleCpus), parameter('nr_cpus', nrCpus), config];
  return limits.reduce((lowest, limit) => (limit.value < lowest.value ? limit : lowest));
}

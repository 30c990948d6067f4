/** What to say of CPUs that the kernel skips because firmware started it in xAPIC mode. */

import { formatIds } from '../../../lib/ids.ts';
import type { Simulation } from '../../../linux/sim/simulation.ts';
import { count, type Level, type RawFinding } from '../rule.ts';
import { numbersOf } from './cpus-above-limit.ts';
import { reasonsOf } from './ignored-cpus.ts';

/** One finding about these firmware CPUs (indexes into `machine.cpus`), or none if there are none. */
export function skippedFinding(
  facts: Simulation,
  indexes: readonly number[],
  fate: string,
  level: Level = 'error',
): RawFinding[] {
  const { machine, enumeration } = facts;
  if (indexes.length === 0) return [];
  const set = new Set(indexes);
  const ids = formatIds(indexes.flatMap((index) => machine.cpus[index].apicId ?? []).sort((a, b) => a - b));
  const why = machine.x2apic.supported
    ? 'firmware leaves x2APIC off, and the kernel reads the list of CPUs in the mode it finds'
    : 'the CPU offers no x2APIC, which APIC IDs of 255 and above need';
  return [
    {
      message: `${count(indexes.length, 'CPU with an APIC ID', 'CPUs with APIC IDs')} of 255 or above (${ids}) ${indexes.length === 1 ? 'is' : 'are'} ${fate}`,
      cause: [why, ...reasonsOf(enumeration.ignored.filter(({ firmwareIndex }) => set.has(firmwareIndex)))],
      cpus: numbersOf(facts, set),
      path: ['x2apic'],
      level,
    },
  ];
}

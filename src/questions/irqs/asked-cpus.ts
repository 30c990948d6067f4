/** CPUs that a question names. */
import { CpuMask, parseCpuList } from '../../lib/cpumask.ts';
import type { Enumeration } from '../../linux/model/enumerate.ts';

/** The CPUs of a list as users write it; a text that says what is wrong with it, if something is. */
export function askedCpus({ nrCpuIds }: Pick<Enumeration, 'nrCpuIds'>, list: string): CpuMask | string {
  try {
    const mask = new CpuMask(nrCpuIds);
    for (const [first, last] of parseCpuList(list)) {
      if (last >= nrCpuIds) return `CPU ${last} is not possible, the highest is ${nrCpuIds - 1}`;
      for (let cpu = first; cpu <= last; cpu++) mask.set(cpu);
    }
    return mask.isEmpty() ? 'no CPU is named' : mask;
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}

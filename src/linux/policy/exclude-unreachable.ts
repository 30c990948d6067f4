/** P3: take the CPUs known not to be reachable out of the masks. */
import { CpuMask } from '../../lib/cpumask.ts';
import type { Policy } from './policy.ts';

export const excludeUnreachable: Policy = {
  name: 'exclude-unreachable',
  aliases: ['P3'],
  source:
    'Woodhouse, quoted by Gleixner, LKML, 8 October 2020: "filter those *out* of the prebuilt affinities"',
  summary:
    'CPUs that cannot be addressed come online. Queues are counted by and spread over the possible CPUs that are not known to be unreachable; CPUs whose APIC ID is not known yet stay in the masks.',
  verdict:
    'unsafe without redirection: CPUs in no mask send their I/O to queue 0, and it hangs when the CPUs of queue 0 are offline; so does that of an unknown CPU that turns out to be unreachable',
  onlinesUnreachable: true,
  spreadOver: ({ possible, present, unreachable }) => ({
    possible: CpuMask.andNot(possible, unreachable),
    present: CpuMask.andNot(present, unreachable),
  }),
};

/** P3: take the CPUs known not to be reachable out of the masks. */
import { CpuMask } from '../../lib/cpumask.ts';
import type { Policy } from './policy.ts';

export const excludeUnreachable: Policy = {
  name: 'exclude-unreachable',
  aliases: ['P3'],
  source: 'Gleixner, LKML, 8 October 2020 (the seed): "filter those *out* of the prebuilt affinities"',
  summary:
    'CPUs that cannot be addressed come online. Queues are counted by and spread over the possible CPUs that are not known to be unreachable; CPUs whose APIC ID is not known yet stay in the masks.',
  verdict: 'safe only if every unknown CPU turns out to be reachable, or with redirection',
  onlinesUnreachable: true,
  spreadOver: ({ possible, present, unreachable }) => ({
    possible: CpuMask.andNot(possible, unreachable),
    present: CpuMask.andNot(present, unreachable),
  }),
};

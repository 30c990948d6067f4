/** P1: a limit for each interrupt domain, enforced by refusing masks. */
import { CpuMask } from '../../lib/cpumask.ts';
import type { Policy } from './policy.ts';

export const maxAffinity: Policy = {
  name: 'max-affinity',
  aliases: ['P1'],
  source: 'Woodhouse, [PATCH 0/13] Fix per-domain IRQ affinity, 5 October 2020',
  summary:
    'Every interrupt domain has a mask of CPUs it can address. CPUs outside come online; an allocation or affinity change whose mask is not inside is refused with EINVAL. Gleixner objected: the spreading knows nothing of the limit, so the masks of multi-queue devices are refused.',
  verdict: 'unsafe: managed multi-queue devices lose their whole allocation and fall back to one interrupt',
  onlinesUnreachable: true,
  refusesMask: (mask, { reachable }) => !mask.isSubsetOf(reachable),
  defaultAffinity: (mask, { reachable }) => {
    const both = CpuMask.and(mask, reachable);
    return both.isEmpty() ? reachable : both;
  },
  countsUnusableVectors: true,
};

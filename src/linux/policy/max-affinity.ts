/** P1: a limit for each interrupt domain, enforced by refusing masks. */
import type { CpuMask } from '../../lib/cpumask.ts';
import type { Policy, PolicyCpus } from './policy.ts';

/**
 * x86_non_ir_cpumask of the patch, of domains that no unit remaps: made once at boot by walking CPU numbers 0 to min(possible - 1, limit), those
 * whose APIC ID is within the limit. A low APIC ID behind a high number is left out, and so is a CPU added later.
 */
function nonRemappedCpus({ possible, reachable, remapped, maxApicId }: PolicyCpus): CpuMask | null {
  if (remapped) return null;
  const mask = reachable.clone();
  for (let cpu = mask.next(Math.min(possible.weight() - 1, maxApicId)); cpu >= 0; cpu = mask.next(cpu)) {
    mask.clear(cpu);
  }
  return mask;
}

export const maxAffinity: Policy = {
  name: 'max-affinity',
  aliases: ['P1'],
  source: 'Woodhouse, [PATCH 0/13] Fix per-domain IRQ affinity, 5 October 2020',
  summary:
    'Every interrupt domain has a mask of CPUs it can address, made once at boot from the CPU numbers up to the limit whose APIC IDs are within it. CPUs outside come online; an allocation or affinity change whose mask is not inside is refused with EINVAL. Gleixner objected: the spreading knows nothing of the limit, so the masks of multi-queue devices are refused, and CPU numbers say nothing about APIC IDs.',
  verdict: 'unsafe: managed multi-queue devices lose their whole allocation and fall back to one interrupt',
  onlinesUnreachable: true,
  domainMask: nonRemappedCpus,
  countsUnusableVectors: true,
};

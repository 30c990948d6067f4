/** CPUs can be plugged into these slots, but never brought online. */
import { CpuMask } from '../../../lib/cpumask.ts';
import { formatIds } from '../../../lib/ids.ts';
import type { KernelCpu } from '../../../linux/model/enumerate.ts';
import { becauseOf } from '../facts/cpus-above-limit.ts';
import { count, type Rule } from '../rule.ts';

export const slotsAboveApicLimit: Rule = {
  name: 'slots-above-apic-limit',
  aliases: ['R013'],
  level: 'warning',
  summary: 'Hot-plug slots have APIC IDs above the limit: CPUs plugged there never come online.',
  explain: [
    'The kernel accepts a hot-added CPU whatever its APIC ID: it becomes present. Bringing it online is what fails, with EINVAL, if the ID is above the limit.',
    'Until then the slot counts as a possible CPU, so multi-queue devices make queues for it and reserve a vector on it for every managed interrupt whose mask holds it.',
    'Check: after hot-add the CPU is in /sys/devices/system/cpu/present, and writing 1 to its online file gives "Invalid argument".',
    'Change: lower the maximum of CPUs, or raise the limit with the extended destination ID or a virtual IOMMU in x2APIC mode.',
  ],
  messages: ['smpboot: CPU {} has invalid APIC ID {}. Aborting bringup'],
  check(facts) {
    const { apic, enumeration, run } = facts;
    if (apic.fatal || apic.mode === 'off') return [];
    const idOf = ({ apicId, predictedApicId }: KernelCpu): number => apicId ?? predictedApicId ?? -1;
    const slots = enumeration.cpus.filter((slot) => idOf(slot) > apic.limit && !run.present.test(slot.cpu));
    if (slots.length === 0) return [];
    const vectors = slots.reduce((sum, { cpu }) => sum + run.vectors.perCpu[cpu].managed, 0);
    const ids = slots.map(idOf).sort((a, b) => a - b);
    return [
      {
        message: `${count(slots.length, 'hot-plug slot')} above APIC ID ${apic.limit} (${formatIds(ids)}) can be filled but never brought online${vectors > 0 ? `; ${count(vectors, 'managed vector')} ${vectors === 1 ? 'is' : 'are'} reserved there` : ''}`,
        ...becauseOf(facts),
        cpus: CpuMask.of(
          enumeration.nrCpuIds,
          slots.map(({ cpu }) => cpu),
        ),
      },
    ];
  },
};

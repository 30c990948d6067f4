/** 8-bit remapping and the extended destination ID together let CPUs online that remapping cannot name. */

import { CpuMask } from '../../../lib/cpumask.ts';
import { MSI_MAX_ID } from '../../../machine/apic-ids.ts';
import { apicIdsOf, becauseOf } from '../facts/cpus-above-limit.ts';
import { count, type Rule } from '../rule.ts';

export const remappingMisroutes: Rule = {
  name: 'remapping-misroutes',
  aliases: ['R021'],
  level: 'error',
  summary: 'CPUs above APIC ID 255 come online, but the virtual IOMMU sends their interrupts elsewhere.',
  explain: [
    'Linux accepts APIC IDs up to 32767 wherever the hypervisor offers the extended destination ID. It does not look whether interrupt remapping is on in xAPIC mode, where interrupts pass through a table whose entries hold 8 bits of destination.',
    'An interrupt for a CPU above 255 is then delivered to another CPU, and nothing in the log says so.',
    'Check: "Enabled IRQ remapping in xapic mode" in the log of a guest that has CPUs above APIC ID 255 online.',
    'Change: give the virtual IOMMU 32-bit destinations (Intel eim=on, AMD xtsup=on), or take it, or its interrupt remapping, away.',
  ],
  messages: ['DMAR-IR: Enabled IRQ remapping in xapic mode', 'DMAR-IR: {} does not support EIM'],
  check(facts) {
    const { apic, enumeration, run } = facts;
    if (apic.remapping !== 'xapic' || !apic.extDestId) return [];
    const cpus = CpuMask.of(
      enumeration.nrCpuIds,
      enumeration.cpus
        .filter(({ apicId }) => apicId !== null && apicId > MSI_MAX_ID && apicId <= apic.limit)
        .map(({ cpu }) => cpu),
    );
    if (cpus.isEmpty()) return [];
    const online = cpus.weightAnd(run.online);
    return [
      {
        message: `${count(cpus.weight(), 'CPU')} above APIC ID 255 (${apicIdsOf(facts, cpus)}) may come online (${online} did), but remapped interrupts for them go to other CPUs`,
        cause: [
          ...becauseOf(facts).cause,
          'the extended destination ID raises the limit for online CPUs, not the 8 bits of a remapping entry',
        ],
        cpus,
        path: ['remapping', 'eim'],
      },
    ];
  },
};

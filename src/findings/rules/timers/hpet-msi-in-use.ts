/** HPET channels with message interrupts where destinations are limited. */

import { CpuMask } from '../../../lib/cpumask.ts';
import { MSI_MAX_ID } from '../../../machine/apic-ids.ts';
import { apicIdsOf } from '../facts/cpus-above-limit.ts';
import { onlineAbove } from '../facts/crash-kernel.ts';
import { hpetMsiUsed } from '../facts/timer-facts.ts';
import type { Rule } from '../rule.ts';

export const hpetMsiInUse: Rule = {
  name: 'hpet-msi-in-use',
  aliases: ['R070'],
  level: 'warning',
  summary: 'HPET timers use message interrupts whose emulation must honour the extended destination ID.',
  explain: [
    "An HPET channel that can send message interrupts becomes a per-CPU timer when the CPU lacks ARAT (with ARAT the local APIC timer outranks it). Linux 5.11 and newer writes the extended destination ID into the HPET's message register too; an emulator that does not pass bits 11:5 of the address on would deliver the tick to another CPU.",
    "This is what the mailing list asked for in October 2020: limit the HPET's interrupt domain, or disable the HPET or its message interrupts, wherever the extended ID is used. The proposal was withdrawn, as the register takes an address like any other, and mainline has no limit. While no CPU above APIC ID 255 is online the bits are all zero, and this is a note only.",
    'Check: "hpet: N channels of M reserved for per-cpu timers" in the log (the first number is the total), and hpetN lines in /proc/interrupts.',
    'Change: expose ARAT to the guest; QEMU keeps hpet.msi off by default; or boot with hpet=disable.',
  ],
  messages: ['hpet: {} channels of {} reserved for per-cpu timers'],
  check(facts) {
    const { apic } = facts;
    if (!hpetMsiUsed(facts) || apic.remapping === 'x2apic' || apic.limit < MSI_MAX_ID) return [];
    const domain = facts.domains.find(({ name }) => name === 'hpet-msi');
    const high = onlineAbove(facts, MSI_MAX_ID);
    if (domain) high.andWith(domain.reachable);
    const carries = !high.isEmpty();
    return [
      {
        message: carries
          ? `HPET message interrupts tick on CPUs with APIC IDs above 255 (${apicIdsOf(facts, high)}): the emulator must pass address bits 11:5 on`
          : domain && domain.maxApicId <= MSI_MAX_ID
            ? `HPET message interrupts go to APIC IDs up to ${domain.maxApicId} only: the domain of the HPET is limited`
            : 'HPET message interrupts tick on every CPU; a CPU above APIC ID 255 would need address bits 11:5 passed on',
        cause: [
          'the CPU lacks ARAT, so HPET channels outrank the local APIC timer',
          'without remapping an HPET message carries its destination in the message itself, like any MSI',
        ],
        cpus: carries ? high : new CpuMask(facts.enumeration.nrCpuIds),
        path: ['hpet'],
        ...(carries ? {} : { level: 'note' as const }),
      },
    ];
  },
};

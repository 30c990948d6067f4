/** HPET channels with message interrupts where destinations are limited. */

import type { CpuMask } from '../../../lib/cpumask.ts';
import { shortenList } from '../../../lib/ids.ts';
import type { Simulation } from '../../../linux/sim/simulation.ts';
import { MSI_MAX_ID } from '../../../machine/apic-ids.ts';
import { apicIdsOf } from '../facts/cpus-above-limit.ts';
import { onlineAbove } from '../facts/crash-kernel.ts';
import { hpetTicksOn } from '../facts/timer-facts.ts';
import type { Rule } from '../rule.ts';

/** What the number of channels is worth: it decides which CPUs get one. */
function channelCause({ machine, run }: Simulation, served: CpuMask): string {
  const { channels } = machine.hpet;
  const many = served.weight();
  const given = `${many} of ${run.hpet.length} ${run.hpet.length === 1 ? 'timer is' : 'timers are'} given to CPUs, in the order they come online`;
  return machine.locate(['hpet', 'channels'])
    ? `the HPET has ${channels} channels, of which 3 serve other purposes: ${given}`
    : `the input does not say how many channels the HPET has, and ${channels}, the most there can be, are taken: ${given}`;
}

/** Where the ticks go, if not above APIC ID 255. */
function lowText({ domains, run }: Simulation, served: CpuMask): string {
  const domain = domains.find(({ name }) => name === 'hpet-msi');
  if (domain && domain.maxApicId <= MSI_MAX_ID)
    return `HPET message interrupts go to APIC IDs up to ${domain.maxApicId} only: the domain of the HPET is limited`;
  const cpus = `CPU${served.weight() === 1 ? '' : 's'} ${shortenList(served.toString())}`;
  return run.hpet.some(({ cpu }) => cpu === null)
    ? `HPET message interrupts tick on ${cpus}; a CPU above APIC ID 255 that comes online would need address bits 11:5 passed on`
    : `HPET message interrupts tick on ${cpus}, all with APIC IDs up to 255`;
}

export const hpetMsiInUse: Rule = {
  name: 'hpet-msi-in-use',
  aliases: ['R070'],
  level: 'warning',
  summary: 'HPET timers use message interrupts whose emulation must honour the extended destination ID.',
  explain: [
    "An HPET channel that can send message interrupts becomes a per-CPU timer when the CPU lacks ARAT (with ARAT the local APIC timer outranks it). Channels 0 and 1 stand in for the PIT and the RTC, the next is kept for /dev/hpet, the others go to CPUs in the order they come online, one each: with 3 channels, as QEMU has, no CPU gets one. Linux 5.11 and newer writes the extended destination ID into the HPET's message register too; an emulator that does not pass bits 11:5 of the address on would deliver the tick to another CPU.",
    "This is what the mailing list asked for in October 2020: limit the HPET's interrupt domain, or disable the HPET or its message interrupts, wherever the extended ID is used. The proposal was withdrawn, as the register takes an address like any other, and mainline has no limit. While no CPU above APIC ID 255 is online the bits are all zero, and this is a note only.",
    'Check: "hpet: N channels of M reserved for per-cpu timers" in the log (the first number is the total), and hpetN lines in /proc/interrupts.',
    'Change: expose ARAT to the guest; QEMU keeps hpet.msi off by default; or boot with hpet=disable.',
  ],
  messages: ['hpet: {} channels of {} reserved for per-cpu timers'],
  check(facts) {
    const { apic } = facts;
    const served = hpetTicksOn(facts);
    if (served.isEmpty() || apic.remapping === 'x2apic' || apic.limit < MSI_MAX_ID) return [];
    const high = onlineAbove(facts, MSI_MAX_ID).andWith(served);
    const carries = !high.isEmpty();
    return [
      {
        message: carries
          ? `HPET message interrupts tick on CPUs with APIC IDs above 255 (${apicIdsOf(facts, high)}): the emulator must pass address bits 11:5 on`
          : lowText(facts, served),
        cause: [
          'the CPU lacks ARAT, so HPET channels outrank the local APIC timer',
          channelCause(facts, served),
          'without remapping an HPET message carries its destination in the message itself, like any MSI',
        ],
        cpus: carries ? high : served,
        path: ['hpet'],
        ...(carries ? {} : { level: 'note' as const }),
      },
    ];
  },
};

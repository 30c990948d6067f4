/** A crash kernel on a high APIC ID gets no line interrupts. */

import { shortenList } from '../../../lib/ids.ts';
import { MSI_MAX_ID } from '../../../machine/apic-ids.ts';
import { crashKernel, onlineAbove } from '../facts/crash-kernel.ts';
import { count, type Rule } from '../rule.ts';

export const crashKernelWithoutIoapic: Rule = {
  name: 'crash-kernel-without-ioapic',
  aliases: ['R075'],
  level: 'warning',
  summary:
    'A crash kernel on a CPU above APIC ID 255 has no IO-APIC interrupts: no serial port, no IDE disk.',
  explain: [
    'On Hyper-V without the extended destination ID all CPUs come online, but IO-APIC entries reach APIC IDs up to 255 only. A crash kernel runs on the CPU that crashed alone; if that one is higher, no line interrupt can arrive anywhere. This was the stated reason for the extended destination ID in Hyper-V.',
    'Check: a dump that hangs when it writes to an emulated disk or the serial port.',
    'Change: a host that offers the extended destination ID, with a kernel of 5.11 or newer.',
  ],
  messages: [],
  check(facts) {
    const crash = crashKernel(facts);
    if (!crash || crash.apic.fatal || !facts.machine.legacyIrqs) return [];
    if (!crash.domains.some((domain) => domain.name === 'ioapic' && domain.unreachable.test(0))) return [];
    const cpus = onlineAbove(facts, MSI_MAX_ID);
    return [
      {
        message: `a crash kernel on one of ${count(cpus.weight(), 'CPU')} (${shortenList(cpus.toString())}) above APIC ID 255 has no IO-APIC interrupts`,
        cause: [
          'a crash kernel starts on the CPU that crashed, and has no other',
          ...crash.apic.because.map((reason) => reason.text),
        ],
        cpus,
        path: ['extDestId'],
      },
    ];
  },
};

/** The boot CPU itself cannot live in xAPIC mode, so the kernel panics. */

import { bootApicId } from '../../../linux/model/handover.ts';
import { XAPIC_MAX_ID } from '../../../machine/apic-ids.ts';
import { becauseOf } from '../facts/cpus-above-limit.ts';
import type { Rule } from '../rule.ts';

export const bootCpuAboveLimit: Rule = {
  name: 'boot-cpu-above-limit',
  aliases: ['R002'],
  level: 'error',
  summary: 'The kernel panics: it must switch x2APIC off, but the boot CPU has an APIC ID of 255 or more.',
  explain: [
    'Where x2APIC may not be used (no interrupt remapping in x2APIC mode and no hypervisor that allows it) the kernel switches back to xAPIC. An APIC ID of 255 or more does not exist there, so a boot CPU with such an ID leaves no way on.',
    'It happens to a crash kernel that starts on whichever CPU crashed, and to machines whose firmware starts on a high APIC ID.',
    'Check: the last line of the log is "Cannot disable x2apic, id:" with the ID in hex.',
    'Change: make interrupt remapping work in x2APIC mode (enable it in firmware, no opt-out, no intremap=off, also not for the crash kernel), or boot on a CPU with an APIC ID below 255.',
  ],
  messages: ['Cannot disable x2apic, id: {}'],
  check(facts) {
    const { machine, apic } = facts;
    if (!apic.fatal || !machine.kernelConfig.x2apic || bootApicId(machine) <= XAPIC_MAX_ID) return [];
    const { cause, path } = becauseOf(facts);
    return [
      {
        message: `the kernel panics at boot: ${apic.fatal.message}`,
        cause: [...cause, apic.fatal.why],
        path,
      },
    ];
  },
};

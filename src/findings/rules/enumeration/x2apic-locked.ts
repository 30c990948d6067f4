/** x2APIC is locked on, and the kernel may not use it. */

import { bootApicId } from '../../../linux/model/handover.ts';
import { XAPIC_MAX_ID } from '../../../machine/apic-ids.ts';
import { becauseOf } from '../facts/cpus-above-limit.ts';
import type { Rule } from '../rule.ts';

export const x2apicLocked: Rule = {
  name: 'x2apic-locked',
  aliases: ['R003'],
  level: 'error',
  summary: 'The kernel panics: x2APIC is locked by firmware and there is no remapping in x2APIC mode.',
  explain: [
    'Recent Intel servers (Sapphire Rapids and newer, and all with SGX or TDX in use) lock the local APIC in x2APIC mode. A kernel that may not use x2APIC cannot switch it off then.',
    'Linux 6.12 and newer prints "Cannot disable locked x2apic", goes on in x2APIC mode without a limit and hits a BUG in setup_IO_APIC. Linux 6.1 goes on as if x2APIC were off and dies of a page fault in native_apic_mem_read. Older kernels do not know the lock.',
    'Check: firmware setup shows the x2APIC lock or SGX/TDX; the log has the lines above.',
    'Change: a locked machine works with interrupt remapping in x2APIC mode only. Remove intremap=off and nox2apic, enable VT-d in firmware, clear the x2APIC opt-out.',
  ],
  messages: [
    'Cannot disable locked x2apic, id: {}',
    "APIC locked in x2apic mode, can't disable",
    'x2apic lock mismatch between BSP and AP.',
  ],
  check(facts) {
    const { machine, apic } = facts;
    if (!apic.fatal || !machine.kernelConfig.x2apic || bootApicId(machine) > XAPIC_MAX_ID) return [];
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

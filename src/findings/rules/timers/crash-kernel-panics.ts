/** kdump fails when the crash happens on a CPU with a high APIC ID. */

import { shortenList } from '../../../lib/ids.ts';
import { XAPIC_MAX_ID } from '../../../machine/apic-ids.ts';
import { apicIdNamesOf } from '../facts/cpus-above-limit.ts';
import { crashKernel, onlineAbove } from '../facts/crash-kernel.ts';
import { everOnline } from '../facts/ran.ts';
import type { Rule } from '../rule.ts';

export const crashKernelPanics: Rule = {
  name: 'crash-kernel-panics',
  aliases: ['R074'],
  level: 'error',
  summary: 'The crash kernel itself panics if the crash happens on a CPU with APIC ID 255 or above.',
  explain: [
    'A crash kernel starts on the CPU that crashed, and in x2APIC mode if the first kernel used it. If it finds no interrupt remapping it has to switch x2APIC off, which is impossible on a CPU whose APIC ID is above 254: it panics with "Cannot disable x2apic", and no dump is written.',
    'Check: the command line of the crash kernel (KDUMP_COMMANDLINE_APPEND in /etc/sysconfig/kdump, /etc/default/kdump-tools) for intremap=off, nointremap or nopv. Describe it with `kdump:`.',
    'Change: leave interrupt remapping on in the crash kernel.',
  ],
  messages: ['Cannot disable x2apic, id: {}', 'Cannot disable locked x2apic, id: {}'],
  check(facts) {
    const crash = crashKernel(facts);
    if (!crash?.apic.fatal) return [];
    const cpus = facts.machine.x2apic.locked ? everOnline(facts) : onlineAbove(facts, XAPIC_MAX_ID);
    const list = shortenList(cpus.toString());
    const ids = apicIdNamesOf(facts, cpus);
    const where =
      cpus.weight() === 1 ? `CPU ${list} (${ids})` : `one of ${cpus.weight()} CPUs (${list}, ${ids})`;
    return [
      {
        message: `the crash kernel panics if the crash happens on ${where}: ${crash.apic.fatal.message}`,
        cause: [
          'a crash kernel starts on the CPU that crashed, with x2APIC on as the first kernel left it',
          ...crash.apic.because.map((reason) => `in the crash kernel ${reason.text}`),
          crash.apic.fatal.why,
        ],
        cpus,
        path: ['kdump'],
      },
    ];
  },
};

/** CPU hotplug and other events that the kernel refuses. */

import { errnoName } from '../../../lib/errno.ts';
import type { EventRun } from '../../../linux/sim/run.ts';
import { eventText } from '../../../machine/event-text.ts';
import { refusalOf } from '../facts/event-facts.ts';
import { count, type Rule } from '../rule.ts';

export const eventRefused: Rule = {
  name: 'event-refused',
  aliases: [],
  level: 'warning',
  summary: 'The kernel refuses an event of the description.',
  explain: [
    'A CPU is taken offline only if the CPUs that stay have vectors for the ordinary interrupts it would hand over (ENOSPC, "Cannot disable CPU"); suspend takes every CPU but the first offline, so it fails in the same way. A CPU is brought online only if its APIC ID is within the limit (EINVAL), and plugged only if firmware listed it at boot.',
    'The first event refused for a reason is shown, with what the kernel logs; others of the same kind and errno are counted.',
    'Check: the errno that writing to /sys/devices/system/cpu/cpuN/online gives, and the log.',
    'Change: for ENOSPC, fewer interrupts on network devices (ethtool -L) or fewer CPUs offline; otherwise see what the cause names.',
  ],
  messages: [
    'CPU {} has {} vectors, {} available. Cannot disable CPU',
    'Unable to map lapic to logical cpu number',
  ],
  check(facts) {
    const { run, apic } = facts;
    if (apic.fatal) return [];
    const alike = new Map<string, EventRun[]>();
    for (const event of run.events) {
      if (event.result !== 'refused') continue;
      const key = `${event.event.kind} ${event.errno}`;
      const known = alike.get(key);
      if (known) known.push(event);
      else alike.set(key, [event]);
    }
    return [...alike.values()].map(([first, ...others]) => {
      const said = first.messages[0] === undefined ? '' : `: ${first.messages[first.messages.length - 1]}`;
      const more = others.length > 0 ? ` (and ${count(others.length, 'other event')} like it)` : '';
      const known = refusalOf(facts, first.event, first.errno);
      return {
        message: `${eventText(first.event)} is refused with ${errnoName(first.errno)}${said}${more}`,
        cause: [known?.cause ?? first.reason].filter((cause) => cause !== null),
        fix: known?.fix ?? [],
        path: first.event.path,
      };
    });
  },
};

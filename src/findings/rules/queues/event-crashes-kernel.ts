/** Events that the kernel dies of. */

import { eventText } from '../../../machine/event-text.ts';
import { count, type Rule } from '../rule.ts';

export const eventCrashesKernel: Rule = {
  name: 'event-crashes-kernel',
  aliases: [],
  level: 'error',
  summary: 'The kernel crashes when an event of the description happens.',
  explain: [
    'From 6.7 on cpu_down() refuses to take the last CPU offline that isolcpus= leaves to the scheduler (EBUSY). In 7.2 and 7.3 it asks while the CPU still counts as online, so that it does not refuse, and rebuilding the scheduler domains without any CPU ends in a general protection fault.',
    'Events after it cannot happen; what is reported of CPUs and queues is the state before the crash.',
    'Check: cat /sys/devices/system/cpu/isolated and /sys/devices/system/cpu/online before a CPU is taken offline.',
    'Change: keep one CPU online that is not isolated, or isolate fewer CPUs.',
  ],
  messages: ['Oops: general protection fault{} partition_sched_domains{}'],
  check({ run }) {
    const at = run.events.findIndex(({ result }) => result === 'crashed');
    if (at < 0) return [];
    const { event, reason, messages } = run.events[at];
    const after = run.events.length - at - 1;
    return [
      {
        message: `${eventText(event)} crashes the kernel: ${messages[messages.length - 1]}`,
        cause: [
          ...(reason === null ? [] : [reason]),
          ...(after > 0 ? [`${count(after, 'later event')} cannot happen`] : []),
        ],
        fix: ['keep a CPU online that isolcpus= does not isolate'],
        path: event.path,
      },
    ];
  },
};

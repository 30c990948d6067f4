/** P4: masks hold plugged, reachable CPUs only. */
import { CpuMask } from '../../lib/cpumask.ts';
import type { Policy } from './policy.ts';

export const presentOnly: Policy = {
  name: 'present-only',
  aliases: ['P4'],
  source:
    'Woodhouse, quoted by Gleixner, LKML, 8 October 2020: "we don\'t include any non-present CPUs at all"; Gleixner objects: "That breaks _all_ multi-queue assumptions in one go. :)"',
  summary:
    'CPUs that cannot be addressed come online. Queues are counted by and spread over the CPUs that are plugged and reachable when the device is set up; a CPU that is plugged later is in no mask.',
  verdict:
    'unsafe without redirection: CPUs in no mask, unreachable or plugged later, send their I/O to queue 0, and it hangs when the CPUs of queue 0 are offline; a plugged CPU has no queue of its own until the device is set up again',
  onlinesUnreachable: true,
  // "unless they've been added once and then removed": such a CPU is known, and counts when a device is set up again.
  spreadOver: ({ present, everPresent, reachable }) => ({
    possible: CpuMask.and(everPresent, reachable),
    present: CpuMask.and(present, reachable),
  }),
};

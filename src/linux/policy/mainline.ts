/** P0: what Linux does since 5.11. */
import type { Policy } from './policy.ts';

export const mainline: Policy = {
  name: 'mainline',
  aliases: ['P0'],
  source: 'Linux 5.11 and later',
  summary:
    'One machine-wide APIC ID limit. A CPU above it stays possible and present, takes part in the spreading of queues and has vectors reserved, but every attempt to bring it online is refused, so no CPU that is online is unreachable.',
  verdict: 'safe: CPUs above the limit are lost, and queues that only they would use never start',
};

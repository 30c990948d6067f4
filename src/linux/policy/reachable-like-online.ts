/** P2: test `online and reachable` wherever the core tests `online`. */
import type { Policy } from './policy.ts';

export const reachableLikeOnline: Policy = {
  name: 'reachable-like-online',
  aliases: ['P2'],
  source: 'Woodhouse, LKML, 8 October 2020',
  summary:
    'CPUs that cannot be addressed come online. Masks stay as they are; an interrupt is only ever effective on CPUs that are online and reachable, and a queue starts with the first such CPU of its mask.',
  verdict:
    'unsafe without redirection: I/O from an online, unreachable CPU goes to a queue that never started, and hangs',
  onlinesUnreachable: true,
};

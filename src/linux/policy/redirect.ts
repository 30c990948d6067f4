/** P5: the new world order: queues know whether their interrupt works, and send requests elsewhere if not. */
import { CpuMask } from '../../lib/cpumask.ts';
import type { Policy } from './policy.ts';

export const redirect: Policy = {
  name: 'redirect',
  aliases: ['P5'],
  source: 'Gleixner to Woodhouse, LKML, 8 October 2020, the two rules for multi-queue drivers',
  summary:
    'CPUs that cannot be addressed come online. Masks stay as they are. When a CPU comes, a queue that has become functional starts, and requests of a CPU whose queue is not functional go to a functional one; when the last reachable CPU of a queue goes, the queue stops and the requests of its unreachable CPUs are redirected. The target is the lowest functional queue on the same node, else the lowest.',
  verdict: 'safe if every driver implements it',
  onlinesUnreachable: true,
  redirects: 'to-lowest',
  reserveOn: (mask, { unreachable }) =>
    mask.intersects(unreachable) ? CpuMask.andNot(mask, unreachable) : mask,
};

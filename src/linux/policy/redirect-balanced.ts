/** P5B: redirection that shares the requests out, not all to the lowest queue. */
import type { Policy } from './policy.ts';
import { redirect } from './redirect.ts';

export const redirectBalanced: Policy = {
  ...redirect,
  name: 'redirect-balanced',
  aliases: ['P5B'],
  source: "a what-if of irqsim on Gleixner's two rules; nobody has posted it",
  summary:
    'As redirect, but the target is the functional queue of the same kind (reads to a queue for reads) on the same node, else on any, that the fewest online CPUs use, the lowest of several; queues are taken in their order.',
  redirects: 'to-least-used',
};

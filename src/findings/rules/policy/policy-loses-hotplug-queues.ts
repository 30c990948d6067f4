/** R059: masks that hold plugged CPUs only leave later ones without a queue. */
import { shortenList } from '../../../lib/ids.ts';
import { slotsWithoutQueue } from '../facts/hanging-io.ts';
import { count, type Rule } from '../rule.ts';

export const policyLosesHotplugQueues: Rule = {
  name: 'policy-loses-hotplug-queues',
  aliases: ['R059'],
  level: 'warning',
  summary: 'Under this policy CPUs that are plugged later get no queue of their own.',
  explain: [
    "A policy that spreads queues over the CPUs plugged at set-up leaves hot-plug slots out of every mask. A CPU plugged later shares a queue that another CPU's interrupt serves, until the device is set up again.",
    'Gleixner: "That breaks _all_ multi-queue assumptions in one go."',
    'Change: a policy that keeps absent CPUs in the masks; see irqsim policies.',
  ],
  messages: [],
  check(facts) {
    const { policy } = facts;
    if (!policy.spreadOver) return [];
    const slots = slotsWithoutQueue(facts);
    if (slots.isEmpty()) return [];
    return [
      {
        message: `${count(slots.weight(), 'hot-plug slot')} (CPUs ${shortenList(slots.toString())}) ${slots.weight() === 1 ? 'is' : 'are'} in no queue's mask: a CPU plugged there gets no queue of its own`,
        cause: [`the policy ${policy.name} spreads queues over the CPUs that are plugged at set-up`],
        cpus: slots,
        path: ['policy'],
      },
    ];
  },
};

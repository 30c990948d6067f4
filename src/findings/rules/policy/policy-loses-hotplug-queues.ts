/** Masks that hold plugged CPUs only leave later ones without a queue. */
import { CpuMask } from '../../../lib/cpumask.ts';
import { slotsWithoutQueue } from '../facts/hanging-io.ts';
import { cpuNames } from '../facts/queue-facts.ts';
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
    const { policy, run } = facts;
    if (!policy.spreadOver) return [];
    const slots = slotsWithoutQueue(facts);
    if (slots.isEmpty()) return [];
    const filled = CpuMask.and(slots, run.present);
    const free = CpuMask.andNot(slots, run.present);
    const parts = [
      ...(filled.isEmpty()
        ? []
        : [
            `${cpuNames(filled)} ${filled.weight() === 1 ? 'was' : 'were'} plugged after the devices were set up, and ${filled.weight() === 1 ? 'has no queue of its own' : 'have no queues of their own'}`,
          ]),
      ...(free.isEmpty()
        ? []
        : [
            `${count(free.weight(), 'hot-plug slot')} (${cpuNames(free)}) ${free.weight() === 1 ? 'is' : 'are'} in no queue's mask: a CPU plugged there gets no queue of its own`,
          ]),
    ];
    return [
      {
        message: parts.join('; '),
        cause: [`the policy ${policy.name} spreads queues over the CPUs that are plugged at set-up`],
        cpus: slots,
        path: ['policy'],
      },
    ];
  },
};

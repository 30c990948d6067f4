/** A policy that limits masks refuses those that the spreading made. */
import { EINVAL } from '../../../lib/errno.ts';
import { deviceNames } from '../facts/queue-facts.ts';
import { count, type Rule } from '../rule.ts';

export const policyRefusesMask: Rule = {
  name: 'policy-refuses-mask',
  aliases: ['R057'],
  level: 'warning',
  summary: 'Under this policy an interrupt domain refuses the masks of a managed device.',
  explain: [
    "Woodhouse's first series gave every interrupt domain a mask of CPUs it can address, and refused any allocation whose affinity mask reaches outside. The spreading knows nothing of that limit: it hands out masks over all possible CPUs.",
    'The allocation fails with EINVAL, the PCI layer tries again with fewer vectors, and the driver ends with one interrupt for everything. This is why Gleixner objected.',
    'Change: a policy that spreads over reachable CPUs (exclude-unreachable) or redirects (redirect); see irqsim policies.',
  ],
  messages: [],
  check({ policy, run }) {
    if (!policy.domainMask) return [];
    const devices = run.devices.filter((device) => device.errno === EINVAL);
    if (devices.length === 0) return [];
    const [first] = devices;
    return [
      {
        message: `the policy ${policy.name} refuses masks of ${count(devices.length, 'device')} (${deviceNames(devices)}) with EINVAL: ${first.name} gets ${first.vectorsGranted} of ${count(first.vectorsAsked, 'vector')}`,
        cause: [
          'queues are spread over all possible CPUs, reachable or not',
          'the policy refuses a mask that is not inside the CPUs its domain can address',
        ],
        devices,
        path: ['policy'],
      },
    ];
  },
};

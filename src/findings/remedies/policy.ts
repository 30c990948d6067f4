/** Another way to treat unreachable CPUs than the one the description asks about. */

import { COSTS, type Cost } from './parts/costs.ts';
import type { Draft, Remedy } from './remedy.ts';

/** The kernel as released; then proposals, which need a kernel of one's own. */
const WAYS: readonly (readonly [policy: string, cost: Cost])[] = [
  ['mainline', COSTS.policy],
  ['redirect', COSTS.build],
  ['exclude-unreachable', COSTS.build],
];

export const policy: Remedy = {
  name: 'policy',
  title: 'another policy for unreachable CPUs',
  cures: [
    'policy-io-hangs',
    'policy-io-may-hang',
    'policy-refuses-mask',
    'policy-loses-hotplug-queues',
    'device-without-queue',
  ],
  changes({ analysis }): readonly Draft[] {
    const now = analysis.policy.name;
    if (now === 'mainline') return [];
    return WAYS.filter(([name]) => name !== now).map(([name, cost]) => ({
      about: 'policy',
      title: name === 'mainline' ? `run the kernel without the policy ${now}` : `use the policy ${name}`,
      intents: [{ kind: 'value', path: ['policy'], value: name }],
      cost,
      wording: { kernel: [`policy: ${name}`] },
    }));
  },
};

/** Another way to treat unreachable CPUs than the one the description asks about. */
import type { Draft, Family } from '../candidate.ts';
import { COSTS, type Cost } from '../costs.ts';

/** The kernel as released; then proposals, which need a kernel of one's own. */
const WAYS: readonly (readonly [policy: string, cost: Cost])[] = [
  ['mainline', COSTS.policy],
  ['redirect', COSTS.build],
  ['exclude-unreachable', COSTS.build],
];

export const policy: Family = {
  name: 'policy',
  title: 'another policy for unreachable CPUs',
  cures: ['policy-io-hangs', 'policy-refuses-mask', 'policy-loses-hotplug-queues', 'device-without-queue'],
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

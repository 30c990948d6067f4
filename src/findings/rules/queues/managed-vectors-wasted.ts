/** Vectors reserved on CPUs that never come up. */
import { shortenList } from '../../../lib/ids.ts';
import { wastedVectors } from '../facts/wasted-vectors.ts';
import { count, type Rule } from '../rule.ts';

export const managedVectorsWasted: Rule = {
  name: 'managed-vectors-wasted',
  aliases: ['R053'],
  level: 'warning',
  summary: 'Managed vectors are reserved on CPUs that can never come online.',
  explain: [
    'A managed interrupt reserves one vector on every CPU of its mask, online or not (irq_matrix_reserve_managed), so that it can follow its CPUs. On an unreachable CPU the reservation is never used.',
    'One CPU that runs out of vectors fails the whole allocation of a device, even a CPU that never runs.',
    'Change: keep unreachable CPUs from being possible (nr_cpus=), or make them reachable.',
  ],
  messages: [],
  check(facts) {
    const { run, policy } = facts;
    // A CPU that runs although no interrupt reaches it has its vectors handed out.
    const { vectors, cpus } = wastedVectors(facts, policy.onlinesUnreachable ? undefined : run.online);
    if (vectors === 0) return [];
    return [
      {
        message: `${count(vectors, 'managed vector')} reserved on ${count(cpus.weight(), 'unreachable CPU')} (${shortenList(cpus.toString())})`,
        cause: ['a managed interrupt reserves a vector on every CPU of its mask, online or not'],
        cpus,
        path: ['devices'],
      },
    ];
  },
};

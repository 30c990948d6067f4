/** R058: a CPU runs, sends I/O to its queue, and that queue has no interrupt. */
import { CpuMask } from '../../../lib/cpumask.ts';
import { shortenList } from '../../../lib/ids.ts';
import { hangingQueues } from '../facts/hanging-io.ts';
import { deviceNames } from '../facts/queue-facts.ts';
import { count, type Rule } from '../rule.ts';

export const policyIoHangs: Rule = {
  name: 'policy-io-hangs',
  aliases: ['R058'],
  level: 'error',
  summary: 'Under this policy I/O from an online CPU goes to a queue whose interrupt never fires.',
  explain: [
    'If CPUs that cannot be addressed come online, the block layer maps them to queues as it does all CPUs. A queue whose online CPUs are all unreachable was never started, so what such a CPU submits is never completed.',
    "Mainline avoids it by keeping such CPUs offline. The seed mail's answer is to redirect their requests to a queue that works.",
    'Change: the policy redirect, or exclude-unreachable; see irqsim policies.',
  ],
  messages: [],
  check({ policy, run, enumeration }) {
    const cpus = new CpuMask(enumeration.nrCpuIds);
    const devices = run.devices.filter((device) => {
      const hanging = hangingQueues(device, run.online);
      for (const queue of hanging) cpus.orWith(queue.affinity);
      return hanging.length > 0;
    });
    if (!policy.onlinesUnreachable || devices.length === 0) return [];
    cpus.andWith(run.online);
    return [
      {
        message: `I/O from ${count(cpus.weight(), 'CPU')} (${shortenList(cpus.toString())}) on ${deviceNames(devices)} hangs: ${cpus.weight() === 1 ? 'its queue was' : 'their queues were'} never started`,
        cause: [
          `the policy ${policy.name} brings CPUs online that device messages cannot address`,
          'a queue starts only on a CPU that is online and reachable, and nothing redirects its requests',
        ],
        cpus,
        devices,
        path: ['policy'],
      },
    ];
  },
};

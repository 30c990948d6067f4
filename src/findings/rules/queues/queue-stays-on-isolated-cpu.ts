/** isolcpus=managed_irq cannot keep a queue away from isolated CPUs. */
import { CpuMask } from '../../../lib/cpumask.ts';
import { shortenList } from '../../../lib/ids.ts';
import { managedIrqHousekeeping } from '../../../linux/model/housekeeping.ts';
import type { DeviceRun, QueueRow } from '../../../linux/sim/run.ts';
import { cpuNames, deviceNames, domainOf, usableBy } from '../facts/queue-facts.ts';
import { count, type Rule } from '../rule.ts';

export const queueStaysOnIsolatedCpu: Rule = {
  name: 'queue-stays-on-isolated-cpu',
  aliases: ['R061'],
  level: 'warning',
  summary: 'A queue interrupts an isolated CPU because every housekeeping CPU of its mask is offline.',
  explain: [
    'isolcpus=managed_irq moves a managed interrupt to the housekeeping CPUs of its mask, but only if one of them is online (irq_do_set_affinity). If they are all offline, unplugged or unreachable, the interrupt goes to an isolated CPU as if the parameter were not there.',
    'A queue whose mask holds no housekeeping CPU at all is not meant here: it serves I/O of isolated CPUs only, and is silent as long as they submit none.',
    'Check: /proc/irq/N/effective_affinity_list names a CPU of isolcpus=.',
    'Change: bring a housekeeping CPU of the mask online (it takes the interrupt over at once), isolate fewer CPUs, or give the device fewer queues so that every mask holds a housekeeping CPU that runs.',
  ],
  messages: [],
  check(facts) {
    const { machine, enumeration, run, policy } = facts;
    const keepers = managedIrqHousekeeping(machine, enumeration);
    if (!keepers) return [];
    const lostOf = (device: DeviceRun): QueueRow[] => {
      // Only policies look at what can be addressed.
      const eligible = policy.onlinesUnreachable ? usableBy(facts, device) : run.online;
      return device.queues.filter(
        ({ state, managed, affinity, effective }) =>
          state === 'started' &&
          managed &&
          effective !== null &&
          !keepers.test(effective) &&
          affinity.intersects(keepers) &&
          !CpuMask.and(affinity, keepers).intersects(eligible),
      );
    };
    const devices = run.devices.filter((device) => lostOf(device).length > 0);
    if (devices.length === 0) return [];
    const queues = devices.flatMap(lostOf);
    const [first] = queues;
    const cpus = CpuMask.of(
      enumeration.nrCpuIds,
      queues.map((queue) => queue.effective ?? 0),
    );
    const wanted = CpuMask.and(first.affinity, keepers);
    const one = wanted.weight() === 1;
    const state = policy.onlinesUnreachable ? 'online and reachable' : 'online';
    const ready = CpuMask.and(wanted, domainOf(facts, devices[0]).reachable).firstAnd(run.present);
    return [
      {
        message: `${count(queues.length, 'queue')} on ${deviceNames(devices)} interrupt${queues.length === 1 ? 's' : ''} an isolated CPU (${cpuNames(cpus)}): no housekeeping CPU of the mask is ${state}`,
        cause: [
          `the mask of queue ${first.index} is ${shortenList(first.affinity.toString())}; its housekeeping ${one ? 'CPU' : 'CPUs'}, ${shortenList(wanted.toString())}, ${one ? 'is' : 'are'} not ${state}`,
          `isolcpus=managed_irq is a preference: with no housekeeping CPU ${state} the isolated ones are used`,
        ],
        ...(ready < 0 ? {} : { fix: [`echo 1 > /sys/devices/system/cpu/cpu${ready}/online`] }),
        cpus,
        devices,
        path: ['cmdline'],
      },
    ];
  },
};

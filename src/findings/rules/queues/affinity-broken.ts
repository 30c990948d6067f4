/** Interrupts that landed outside their affinity because the CPUs of the mask had no vector left. */
import { CpuMask } from '../../../lib/cpumask.ts';
import type { QueueRow } from '../../../linux/sim/run.ts';
import { cpuNames, cpusOf, deviceNames } from '../facts/queue-facts.ts';
import { count, type Rule } from '../rule.ts';

/** Started on a CPU that its mask does not hold; a change that only waits for an interrupt is no fault. */
function isBroken({ state, health, affinity, effective, pending }: QueueRow): boolean {
  if (state !== 'started' || pending) return false;
  return health === 'degraded' && effective !== null && !affinity.test(effective);
}

export const affinityBroken: Rule = {
  name: 'affinity-broken',
  aliases: [],
  level: 'warning',
  summary: 'Queues interrupt a CPU outside their affinity, because the CPUs inside it have no vector left.',
  explain: [
    'When the CPUs of the wanted mask have no free vector, an ordinary (not managed) interrupt is put on any online CPU that has one, and the kernel says "Affinity broken due to vector space exhaustion". The interrupt works, but not where it was asked for: on machines with isolated CPUs it lands on those.',
    'Check: /proc/irq/N/effective_affinity_list is not within smp_affinity_list.',
    'Change: fewer vectors per device (NICs: ethtool -L DEV combined N, or the driver parameter that limits queues before they are made), or more CPUs in irqaffinity=.',
  ],
  messages: ['irq {}: Affinity broken due to vector space exhaustion'],
  check(facts) {
    const { run, machine, enumeration } = facts;
    const devices = run.devices.filter(
      ({ fallback, tally, queues }) =>
        fallback === null && tally.healths.degraded > 0 && queues.some((queue) => isBroken(queue)),
    );
    if (devices.length === 0) return [];
    const queues = devices.flatMap((device) => device.queues.filter(isBroken));
    const cpus = CpuMask.of(
      enumeration.nrCpuIds,
      queues.map((queue) => queue.effective ?? 0),
    );
    const wanted = cpuNames(cpusOf(facts, queues));
    return [
      {
        message: `${count(queues.length, 'queue')} on ${deviceNames(devices)} interrupt${queues.length === 1 ? 's' : ''} ${cpuNames(cpus)} instead of ${wanted}: affinity broken due to vector space exhaustion`,
        cause: [
          `a CPU has ${run.vectors.perCpuCapacity} vectors for devices; those of ${wanted} are used up`,
          ...(machine.cmdline.irqaffinity === undefined
            ? []
            : [
                `irqaffinity=${machine.cmdline.irqaffinity} decides where they may go (the boot CPU is always added)`,
              ]),
        ],
        fix: ['network devices: ethtool -L DEV combined N, with fewer queues than now'],
        cpus,
        devices,
        path: machine.cmdline.irqaffinity === undefined ? devices[0].path : ['cmdline'],
      },
    ];
  },
};

/** A device none of whose queues works. */
import type { CpuMask } from '../../../lib/cpumask.ts';
import type { DeviceRun, Loss } from '../../../linux/sim/run.ts';
import type { Simulation } from '../../../linux/sim/simulation.ts';
import { deviceNames, domainOf } from '../facts/queue-facts.ts';
import { count, type Rule } from '../rule.ts';

interface Reason {
  readonly holds: (device: DeviceRun, unreachable: CpuMask) => boolean;
  readonly says: (names: string) => string;
}

const everyQueueLost =
  (loss: Loss): Reason['holds'] =>
  ({ queues }) =>
    queues.every(({ lost }) => lost === loss);

/** Why no queue of a device works; the last holds where nothing simpler does. */
const REASONS: readonly Reason[] = [
  {
    holds: ({ vectorsGranted }) => vectorsGranted === 0,
    says: (names) => `${names} got no interrupt vector`,
  },
  {
    holds: ({ queues }, unreachable) =>
      queues.every(({ irq, affinity }) => irq !== null && affinity.isSubsetOf(unreachable)),
    says: (names) => `every CPU in the masks of ${names} is unreachable`,
  },
  {
    holds: everyQueueLost('cpu-unreachable'),
    says: (names) => `the queue interrupts of ${names} are on CPUs that cannot be reached, and are lost`,
  },
  {
    holds: everyQueueLost('cpu-offline'),
    says: (names) => `the queue interrupts of ${names} stayed on CPUs that went offline, and are lost`,
  },
  {
    holds: everyQueueLost('cpu-came-back'),
    says: (names) => `the CPUs of the queue interrupts of ${names} came back with empty vector tables`,
  },
  {
    holds: () => true,
    says: (names) =>
      `no queue interrupt of ${names} arrives: each has no vector, no reachable CPU, or is lost`,
  },
];

function reasonOf(facts: Simulation, device: DeviceRun): Reason {
  const { unreachable } = domainOf(facts, device);
  return REASONS.find(({ holds }) => holds(device, unreachable)) ?? REASONS[REASONS.length - 1];
}

export const deviceWithoutQueue: Rule = {
  name: 'device-without-queue',
  aliases: ['R052'],
  level: 'error',
  summary: 'A device has no working queue at all.',
  explain: [
    'Every queue of the device is dead: its CPUs are unreachable, or no vector could be had for it. The device cannot do I/O.',
    "Check: the driver's probe error in the log, or /proc/interrupts without a line for the device.",
    'Change: see the findings that name the cause (vector-reservation-failed, queue-never-starts).',
  ],
  messages: [],
  check(facts) {
    if (facts.apic.fatal) return [];
    // Behind VMD a device has the interrupts of its controller.
    const devices = facts.run.devices.filter(
      ({ queues, tally, vectorsAsked, vectorsGranted, behind }) =>
        behind === undefined &&
        (queues.length > 0 ? tally.healths.dead === queues.length : vectorsAsked > 0 && vectorsGranted === 0),
    );
    if (devices.length === 0) return [];
    return [
      {
        message: `${count(devices.length, 'device')} without a working queue: ${deviceNames(devices)}`,
        cause: REASONS.flatMap(({ holds, says }) => {
          const those = devices.filter((device) => reasonOf(facts, device).holds === holds);
          return those.length > 0 ? [says(deviceNames(those))] : [];
        }),
        fix: ['see the findings that name the cause'],
        devices,
        path: devices[0].path,
      },
    ];
  },
};

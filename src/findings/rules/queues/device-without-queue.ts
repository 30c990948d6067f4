/** A device none of whose queues works. */
import { deviceNames } from '../facts/queue-facts.ts';
import { count, type Rule } from '../rule.ts';

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
    const starved = devices.filter((device) => device.vectorsGranted === 0);
    return [
      {
        message: `${count(devices.length, 'device')} without a working queue: ${deviceNames(devices)}`,
        cause: [
          ...(starved.length > 0 ? [`${deviceNames(starved)} got no interrupt vector`] : []),
          ...(starved.length < devices.length ? ['every CPU in the masks of the others is unreachable'] : []),
        ],
        fix: ['see the findings that name the cause'],
        devices,
        path: devices[0].path,
      },
    ];
  },
};

/** A device has enough queues for its CPUs, but dead ones take the share of the living. */
import { deviceNames, neverStarting, usableBy } from '../facts/queue-facts.ts';
import { count, type Rule } from '../rule.ts';

export const cpusShareQueues: Rule = {
  name: 'cpus-share-queues',
  aliases: ['R051'],
  level: 'warning',
  summary: "Half or more of a device's queues are dead while the usable CPUs share the rest.",
  explain: [
    'With fewer queues than possible CPUs a queue serves a group of CPUs. If unreachable CPUs form groups of their own, their queues are dead, and the CPUs that do run crowd on the queues that are left, although the device has enough for each.',
    'Check: several online CPUs share one queue (/sys/block/DISK/mq/*/cpu_list) while other queues list only offline CPUs.',
    'Change: boot with nr_cpus= set to the number of CPUs that come online; the queues are then spread over those alone.',
  ],
  messages: [],
  check(facts) {
    const devices = facts.run.devices.filter((device) => {
      const dead = neverStarting(facts, device).length;
      const alive = device.tally.states.started;
      const usable = usableBy(facts, device).weight();
      return dead > 0 && dead * 2 >= device.queues.length && alive < Math.min(usable, device.queues.length);
    });
    if (devices.length === 0) return [];
    const worst = devices[0];
    const alive = worst.tally.states.started;
    const usable = usableBy(facts, worst).weight();
    return [
      {
        message: `${deviceNames(devices)}: ${neverStarting(facts, worst).length} of ${count(worst.queues.length, 'queue')} dead while ${count(usable, 'usable CPU')} ${alive === 0 ? `${usable === 1 ? 'has' : 'have'} none` : `${usable === 1 ? 'shares' : 'share'} ${alive}`}`,
        cause: ['the spreading gives unreachable CPUs groups of their own, as it knows possible CPUs only'],
        devices,
        path: worst.path,
      },
    ];
  },
};

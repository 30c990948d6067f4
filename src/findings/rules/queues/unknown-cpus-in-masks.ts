/** Queues that count on CPUs whose APIC ID nobody knows yet. */
import { CpuMask } from '../../../lib/cpumask.ts';
import { shortenList } from '../../../lib/ids.ts';
import { isGuessed } from '../../../linux/model/enumeration.ts';
import { phantoms } from '../facts/phantoms.ts';
import { cpusOf, deviceNames } from '../facts/queue-facts.ts';
import { cpusInDoubt } from '../facts/unknown-cpus.ts';
import { count, type Rule } from '../rule.ts';

export const unknownCpusInMasks: Rule = {
  name: 'unknown-cpus-in-masks',
  aliases: [],
  level: 'warning',
  summary: 'Queue masks hold CPUs whose reachability is not known before they are plugged.',
  explain: [
    'Kernels before 6.9 forget the APIC IDs of CPUs that firmware lists but that are not plugged, and a slot may have no ID at all before it is filled. Whether such a CPU can receive interrupts is known when it is plugged, not before.',
    'Queues are spread over these CPUs all the same. If one turns out to be unreachable it stays offline, and a queue that has only such CPUs never starts.',
    'Change: keep the APIC IDs of all hot-plug slots at or below the limit, use a kernel of 6.9 or newer, which knows them from boot, or lower the CPU maximum.',
  ],
  messages: [],
  check(facts) {
    // Phantoms have no APIC ID for ever: none is counted on.
    // Another finding is about CPUs that may not count at all.
    const unknown = CpuMask.andNot(facts.domains[0].unknown, phantoms(facts)).andNotWith(cpusInDoubt(facts));
    if (unknown.isEmpty()) return [];
    const devices = facts.run.devices.filter((device) =>
      device.queues.some((queue) => queue.managed && queue.affinity.intersects(unknown)),
    );
    if (devices.length === 0) return [];
    const queues = devices.flatMap((device) =>
      device.queues.filter((queue) => queue.managed && queue.affinity.intersects(unknown)),
    );
    const cpus = cpusOf(facts, queues).andWith(unknown);
    const guessed = cpus.toArray().some((cpu) => isGuessed(facts.machine, facts.enumeration.cpus[cpu]));
    const forgets = !guessed && !facts.machine.kernel.has('topology-fixed-at-boot');
    const until = guessed ? '' : ` before ${cpus.weight() === 1 ? 'it is' : 'they are'} plugged`;
    return [
      {
        message: `${count(queues.length, 'queue')} on ${deviceNames(devices)} count${queues.length === 1 ? 's' : ''} on ${count(cpus.weight(), 'CPU')} (${shortenList(cpus.toString())}) whose APIC ID is not known${until}`,
        cause: [
          forgets
            ? `Linux ${facts.machine.kernel.text} forgets the APIC IDs of CPUs that are not plugged (6.9 and newer keep them)`
            : 'the description gives these CPUs no APIC ID: the missing fact is the ID each will have',
        ],
        ...(forgets ? {} : { fix: ['description: the apicId of each absent CPU'] }),
        cpus,
        devices,
        path: forgets ? ['kernel'] : ['cpus'],
      },
    ];
  },
};

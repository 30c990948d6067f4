/** A device did not get the vectors it asked for. */

import { CpuMask } from '../../../lib/cpumask.ts';
import { EINVAL, ENOSPC } from '../../../lib/errno.ts';
import type { DeviceRun } from '../../../linux/sim/run.ts';
import type { Simulation } from '../../../linux/sim/simulation.ts';
import { cpuNames, deviceNames } from '../facts/queue-facts.ts';
import { vectorRefusal } from '../facts/vector-refusal.ts';
import { count, type Rule } from '../rule.ts';

/** The CPUs that are full: those that refused a managed interrupt, and all online ones where an ordinary one found none. */
function fullCpus({ enumeration, run }: Simulation, devices: readonly DeviceRun[]): CpuMask {
  const full = CpuMask.of(
    enumeration.nrCpuIds,
    devices.flatMap(({ fullCpu }) => fullCpu ?? []),
  );
  const ordinary = devices.some(({ errno, fullCpu }) => errno === ENOSPC && fullCpu === null);
  return ordinary ? CpuMask.or(full, run.timeline?.boot.online ?? run.online) : full;
}

export const vectorReservationFailed: Rule = {
  name: 'vector-reservation-failed',
  aliases: ['R054'],
  level: 'error',
  summary: 'A CPU had no vector left, so a device got fewer interrupts than it asked for.',
  explain: [
    'Each CPU has about 200 vectors for devices. A managed interrupt needs one on every CPU of its mask; if a single CPU has none left the reservation fails with ENOSPC, the PCI layer retries with fewer vectors, and the driver falls back to fewer queues, one shared interrupt, or gives up.',
    'Drivers probed first take what they want, so the order of probing decides who loses.',
    'Check: "probe with driver nvme failed with error -28" or fewer interrupts than queues in /proc/interrupts; available vectors in /sys/kernel/debug/irq/domains/VECTOR.',
    "Change: fewer queues per device (nvme: driver parameters or the controller's queue count; virtio: queues=), or fewer devices per CPU.",
  ],
  messages: [
    'probe with driver {} failed with error -28',
    'probe of {} failed with error -28',
    'Removing after probe failure status: -28',
    'Interrupt reservation exceeds available resources',
    'Reserved vectors {} > available {}. IRQ request may fail',
  ],
  check(facts) {
    const ownRule = facts.policy.domainMask !== undefined;
    // A policy that refuses masks (EINVAL) has a rule of its own.
    const counted = ownRule ? [ENOSPC] : [ENOSPC, EINVAL];
    const devices = facts.run.devices.filter((device) => counted.includes(device.errno));
    if (devices.length === 0) return [];
    const [first] = devices;
    const cpus = fullCpus(facts, devices);
    const why = vectorRefusal(facts, first);

    const short =
      first.fullCpu !== null && cpus.weight() > 1
        ? `${cpuNames(cpus)} have no vector left (-ENOSPC)`
        : why.short;
    return [
      {
        message: `${short}: ${count(devices.length, 'device')} got fewer than asked (${deviceNames(devices)}); ${first.name} has ${first.vectorsGranted} of ${first.vectorsAsked}: ${first.fallback ?? 'all its queues all the same'}`,
        cause: [
          `a CPU has ${facts.run.vectors.perCpuCapacity} vectors for devices, and every managed interrupt takes one on each CPU of its mask`,
          why.long,
        ],
        cpus,
        devices,
        path: first.path,
      },
    ];
  },
};

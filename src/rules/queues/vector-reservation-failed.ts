/** R054: a device did not get the vectors it asked for. */
import { deviceNames } from '../about/queue-facts.ts';
import { count, type Rule } from '../rule.ts';

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
    'Interrupt reservation exceeds available resources',
  ],
  check(facts) {
    const devices = facts.run.devices.filter((device) => device.errno !== 0);
    if (devices.length === 0) return [];
    const first = devices[0];
    return [
      {
        message: `${count(devices.length, 'device')} got fewer vectors than asked: ${deviceNames(devices)} (${first.name}: ${first.vectorsGranted} of ${first.vectorsAsked}, ${first.fallback ?? 'no fallback'})`,
        cause: [
          `a CPU has ${facts.run.vectors.perCpuCapacity} vectors for devices, and every managed interrupt takes one on each CPU of its mask`,
          `${first.name} found a CPU of its masks without a free vector (ENOSPC)`,
        ],
        fix: ['lower the queue count of the devices probed first', 'spread the devices over more CPUs'],
        devices,
        path: first.path,
      },
    ];
  },
};

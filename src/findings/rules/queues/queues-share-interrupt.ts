/** Devices whose queues share one interrupt although vectors are left. */
import { deviceNames } from '../facts/queue-facts.ts';
import { count, type Rule } from '../rule.ts';

export const queuesShareInterrupt: Rule = {
  name: 'queues-share-interrupt',
  aliases: [],
  level: 'warning',
  summary: 'All queues of a device share one interrupt, so one CPU handles the completions of all.',
  explain: [
    'A driver that cannot have a vector for each queue falls back to one for all: its queues work, but a single CPU takes every interrupt. Here this is not for want of vectors (vector-reservation-failed), but because the device offers too few MSI-X entries, or message interrupts are off.',
    'Check: /proc/interrupts has one line for the device (virtio: "virtioN-virtqueues").',
    'Change: QEMU: vectors= of the device at least two more than its queues (it is by default); kernel: no pci=nomsi, no nolapic.',
  ],
  messages: [],
  check({ machine, run, apic }) {
    const devices = run.devices.filter(
      (device) =>
        device.fallback !== null &&
        device.errno === 0 &&
        device.vectorsGranted > 0 &&
        device.queues.length > 1 &&
        device.queues.every((queue) => queue.irq === device.queues[0].irq),
    );
    if (devices.length === 0) return [];
    const [first] = devices;
    const noMessages = machine.cmdline.noMsi || apic.mode === 'off';
    return [
      {
        message: `the queues of ${count(devices.length, 'device')} (${deviceNames(devices)}) share one interrupt: ${first.queues.length} queues of ${first.name} on CPU ${first.queues[0].effective}`,
        cause: [
          noMessages
            ? 'message interrupts are off, and a device has one line interrupt only'
            : `${first.name} asked for ${first.vectorsAsked} vectors, more than its MSI-X table has`,
        ],
        devices,
        path: noMessages ? ['cmdline'] : [...first.path, 'vectors'],
      },
    ];
  },
};

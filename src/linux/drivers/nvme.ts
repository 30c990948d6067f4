/** drivers/nvme/host/pci.c: one admin vector, then the I/O queues in up to two sets (write, read). */
import { nvmeCalcIrqSets } from '../engine/affinity.ts';
import type { DriverProfile } from './driver.ts';

const DEFAULT_QUEUES = 64;

export const nvme: DriverProfile = {
  name: 'nvme',
  summary: '1 admin vector (not managed) and one managed vector per I/O queue, up to one per possible CPU',
  formula: {
    text: '1 admin + min(queues offered, possible CPUs + write + poll queues) - poll queues',
    by: 'nvme_setup_io_queues, nvme_setup_irqs',
  },
  hintedBy: null,
  counts: 'possible',
  managed: true,
  // Commands to the controller time out: it is reset, and removed in the end.
  withoutOther: 'dead',
  plan(device, { possible, cmdline }) {
    const offered = device.queues ?? (device.vectors === undefined ? DEFAULT_QUEUES : device.vectors - 1);
    const write = cmdline.nvmeWriteQueues;
    const wanted = Math.max(1, Math.min(offered, possible + write + cmdline.nvmePollQueues));
    // nvme_setup_irqs: polled queues take no vector, and one queue must stay interrupt driven.
    const poll = Math.min(cmdline.nvmePollQueues, wanted - 1);
    const queues = wanted - poll;
    const calcSets = nvmeCalcIrqSets(write);
    return {
      queues,
      vectorsAsked: 1 + queues,
      typesOf(had) {
        const [ofDefault = 0, read = 0] = calcSets(had);
        return { default: ofDefault, read, poll };
      },
      tableSize: device.vectors ?? offered + 1,
      attempts: [
        {
          minvec: 1,
          maxvec: 1 + queues,
          affinity: { pre: 1, post: 0, calcSets },
          // With a single vector the first I/O queue shares it with the admin queue.
          vectorOf: (queue, granted) =>
            granted === 1 ? (queue === 0 ? 0 : null) : queue + 1 < granted ? queue + 1 : null,
        },
      ],
    };
  },
};

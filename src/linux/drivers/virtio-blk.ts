/** drivers/block/virtio_blk.c: request queues only, up to one per CPU number. */
import type { DriverProfile } from './driver.ts';
import { virtioAttempts } from './virtio.ts';

export const virtioBlk: DriverProfile = {
  name: 'virtio-blk',
  summary: '1 configuration vector and one managed vector per request queue, up to one per possible CPU',
  formula: { text: '1 config + min(queues offered, CPU numbers)', by: 'init_vq, vp_find_vqs' },
  hintedBy: null,
  counts: 'possible',
  managed: true,
  // A change of the capacity is not seen; I/O goes on.
  withoutOther: 'degraded',
  plan(device, { kernel, cmdline, nrCpuIds, possible, present }) {
    const offered =
      device.queues ?? (device.vectors === undefined ? present : Math.max(1, device.vectors - 1));
    const all = Math.min(offered, kernel.has('virtio-queues-by-possible') ? possible : nrCpuIds);
    // Polled queues take no vector, and one queue must stay interrupt driven.
    const polled = kernel.has('virtio-blk-poll-queues') ? Math.min(cmdline.virtioBlkPollQueues, all - 1) : 0;
    const queues = all - polled;
    return {
      queues,
      vectorsAsked: 1 + queues,
      tableSize: device.vectors ?? offered + 1,
      attempts: virtioAttempts(0, queues, true),
      orLine: true,
    };
  },
};

/** drivers/scsi/virtio_scsi.c: control and event queue, then request queues, up to one per CPU number. */
import type { DriverProfile } from './driver.ts';
import { virtioAttempts } from './virtio.ts';

/** Control and event queue. */
const OTHER_QUEUES = 2;

export const virtioScsi: DriverProfile = {
  name: 'virtio-scsi',
  summary: 'configuration, control and event vectors, then one managed vector per request queue',
  formula: {
    text: '1 config + control + event + min(queues offered, CPU numbers)',
    by: 'virtscsi_init, vp_find_vqs',
  },
  hintedBy: null,
  counts: 'possible',
  managed: true,
  // Aborts and hot-plug stall; I/O goes on.
  withoutOther: 'degraded',
  plan(device, { kernel, nrCpuIds, possible, present }) {
    const fixed = 1 + OTHER_QUEUES;
    const offered =
      device.queues ?? (device.vectors === undefined ? present : Math.max(1, device.vectors - fixed));
    const queues = Math.min(offered, kernel.has('virtio-queues-by-possible') ? possible : nrCpuIds);
    return {
      queues,
      vectorsAsked: fixed + queues,
      tableSize: device.vectors ?? offered + fixed,
      attempts: virtioAttempts(OTHER_QUEUES, queues, true),
      orLine: true,
    };
  },
};

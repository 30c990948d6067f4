/** fs/fuse/virtio_fs.c: a high-priority queue, then request queues. */
import type { DriverProfile } from './driver.ts';
import { virtioAttempts } from './virtio.ts';

/** The high-priority queue; the notification queue of the device specification has no driver. */
const OTHER_QUEUES = 1;
const DEFAULT_QUEUES = 1;

export const virtioFs: DriverProfile = {
  name: 'virtio-fs',
  summary: 'configuration and high-priority vectors, then one managed vector per request queue',
  formula: {
    text: '1 config + high priority + min(queues offered, CPU numbers)',
    by: 'virtio_fs_setup_vqs, vp_find_vqs',
  },
  hintedBy: null,
  counts: 'possible',
  managed: true,
  // Interrupted requests are not told; I/O goes on.
  withoutOther: 'degraded',
  plan(device, { nrCpuIds }) {
    const fixed = 1 + OTHER_QUEUES;
    const offered =
      device.queues ?? (device.vectors === undefined ? DEFAULT_QUEUES : Math.max(1, device.vectors - fixed));
    const queues = Math.min(offered, nrCpuIds);
    return {
      queues,
      vectorsAsked: fixed + queues,
      tableSize: device.vectors ?? offered + fixed,
      attempts: virtioAttempts(OTHER_QUEUES, queues, true),
      orLine: true,
    };
  },
};

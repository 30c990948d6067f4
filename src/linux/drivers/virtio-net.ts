/**
 * drivers/net/virtio_net.c: a receive and a transmit vector per queue pair, not managed; the driver
 * spreads affinity hints over the online CPUs itself (`virtnet_set_affinity`).
 */
import { CpuMask } from '../../lib/cpumask.ts';
import type { DriverProfile } from './driver.ts';
import { virtioAttempts } from './virtio.ts';

const DEFAULT_PAIRS = 1;
/** The vector of all queues where there are too few for each. */
const SHARED = 1;

/** Consecutive online CPUs for each pair; the first `online mod pairs` pairs take one more. */
function pairMasks(online: CpuMask, pairs: number): CpuMask[] {
  const cpus = online.toArray();
  const stride = Math.max(Math.floor(cpus.length / pairs), 1);
  const stragglers = cpus.length >= pairs ? cpus.length % pairs : 0;
  let next = 0;
  const masks: CpuMask[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    const mask = new CpuMask(online.nbits);
    for (let n = stride + (pair < stragglers ? 1 : 0); n > 0; n--) mask.set(cpus[next++ % cpus.length]);
    masks.push(mask);
  }
  return masks;
}

export const virtioNet: DriverProfile = {
  name: 'virtio-net',
  summary: '1 configuration vector and two vectors per queue pair, none managed; hints over online CPUs',
  formula: {
    text: '1 config + 2 for each queue pair offered; min(pairs, online CPUs) are used',
    by: 'virtnet_find_vqs, vp_find_vqs',
  },
  hintedBy: 'virtnet_set_affinity',
  counts: 'online',
  managed: false,
  // A transmit queue stalls.
  withoutOther: 'dead',
  plan(device, { online }) {
    const offered =
      device.queues ??
      (device.vectors === undefined ? DEFAULT_PAIRS : Math.max(1, (device.vectors - 2) >> 1));
    const pairs = Math.min(offered, online);
    const [perQueue, shared] = virtioAttempts(0, 2 * offered, false);
    return {
      queues: pairs,
      vectorsAsked: 1 + 2 * offered,
      tableSize: device.vectors ?? 2 * offered + 2,
      // A queue is a pair; its receive vector stands for it, the transmit vector follows.
      attempts: [{ ...perQueue, vectorOf: (pair) => 1 + 2 * pair }, shared],
      orLine: true,
      // Queues that share one vector all hint at it: that of the last pair stays.
      hints(onlineMask, granted) {
        const hints = [];
        for (const [pair, mask] of pairMasks(onlineMask, pairs).entries()) {
          hints.push({ vector: granted > 2 ? 1 + 2 * pair : SHARED, mask });
          hints.push({ vector: granted > 2 ? 2 + 2 * pair : SHARED, mask });
        }
        return hints;
      },
    };
  },
};

/** The attempts that virtio-pci makes for every virtio driver (`vp_find_vqs`). */
import type { AffinityDescriptor } from '../engine/affinity.ts';
import { afterPre, type VectorAttempt } from './driver.ts';

/**
 * First one vector for configuration changes and one per virtqueue, all or nothing; then one for
 * configuration and one that all queues share, never managed. Where neither is granted the line interrupt is left
 * (`orLine` of the plan).
 *
 * @param otherQueues virtqueues with a vector before the request queues (control, event, ...)
 * @param requestQueues virtqueues that carry requests
 * @param managed whether the driver passes an affinity descriptor
 */
export function virtioAttempts(
  otherQueues: number,
  requestQueues: number,
  managed: boolean,
): readonly VectorAttempt[] {
  const pre = 1 + otherQueues;
  const all = pre + requestQueues;
  const affinity: AffinityDescriptor | null = managed ? { pre, post: 0 } : null;
  return [
    { minvec: all, maxvec: all, affinity, vectorOf: afterPre(pre) },
    { minvec: 2, maxvec: 2, affinity: null, vectorOf: () => 1 },
  ];
}

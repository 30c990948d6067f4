/** Queue health, as docs/model/interrupt-life.md#queue-health defines it. */

import type { CpuMask } from '../../lib/cpumask.ts';
import { hasFlags, type IrqDesc, IrqFlag } from '../engine/irq-desc.ts';
import { type Arrival, effectiveCpu, lossOf } from './loss.ts';
import { HEALTHS, type Health } from './run.ts';

/** What a queue is judged by besides its interrupt. */
export interface QueueSetting extends Arrival {
  /** It shares an interrupt with other queues. */
  readonly shared: boolean;
  /** Another queue takes the requests of its CPUs. */
  readonly redirected: boolean;
}

/** What /proc/irq/N/smp_affinity shows: a change that waits for the next interrupt is shown already. */
export function shownAffinity(d: IrqDesc): CpuMask {
  return hasFlags(d, IrqFlag.affinityPending) && d.pendingMask ? d.pendingMask : d.affinity;
}

function stoppedHealth(
  affinity: CpuMask,
  mapped: CpuMask,
  { online, reach, redirected }: QueueSetting,
): Health {
  if (mapped.intersects(online)) return redirected ? 'degraded' : 'dead';
  if (affinity.isSubsetOf(reach.unreachable)) return 'dead';
  return affinity.intersects(reach.unreachable) || affinity.intersects(reach.unknown) ? 'at-risk' : 'idle';
}

/** Health of a queue that has an interrupt. `mapped`: the CPUs that send it requests, if not those of its mask. */
export function queueHealth(d: IrqDesc, setting: QueueSetting, mapped?: CpuMask): Health {
  const { shared, online, reach } = setting;
  const affinity = shownAffinity(d);
  if (!hasFlags(d, IrqFlag.started)) return stoppedHealth(affinity, mapped ?? affinity, setting);
  if (lossOf(d, setting) !== null) return 'dead';
  const cpu = effectiveCpu(d);
  const waits = hasFlags(d, IrqFlag.affinityPending);
  if (shared || (!waits && !affinity.test(cpu))) return 'degraded';
  if (reach.complete) return 'healthy';
  if (!affinity.intersects(reach.unreachable))
    return affinity.intersects(reach.unknown) ? 'at-risk' : 'healthy';
  // Unreachable CPUs of the mask that run already are not served by this queue; others may come.
  for (let at = affinity.firstAnd(reach.unreachable); at >= 0; at = affinity.next(at)) {
    if (online.test(at) && reach.unreachable.test(at)) return 'degraded';
  }
  return 'at-risk';
}

/** The worst of several, healthy if there are none. */
export function worst(healths: Iterable<Health>): Health {
  let found = 0;
  for (const health of healths) found = Math.max(found, HEALTHS.indexOf(health));
  return HEALTHS[found];
}

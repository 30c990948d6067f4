/** Whether vectors ran out somewhere: then fewer interrupts help. */

import { EINVAL, ENOSPC } from '../../../lib/errno.ts';
import type { Analysis } from '../../analysis.ts';

/** True if a device, an event or an affinity mask met CPUs without a vector to spare, or a queue has too wide a mask. */
export function vectorRefused({ run, findings }: Analysis): boolean {
  return (
    run.devices.some(({ errno }) => errno === ENOSPC || errno === EINVAL) ||
    run.events.some(({ result, errno }) => result === 'refused' && errno === ENOSPC) ||
    findings.some(({ rule }) => rule === 'affinity-broken' || rule === 'queue-stays-on-isolated-cpu')
  );
}

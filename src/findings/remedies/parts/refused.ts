/** Whether vectors ran out somewhere: then fewer interrupts help. */

import { EINVAL, ENOSPC } from '../../../lib/errno.ts';
import type { Analysis } from '../../analysis.ts';

/** Rules whose findings fewer interrupts may take away although nothing was refused. */
const WANT_FEWER: readonly string[] = ['affinity-broken', 'queue-stays-on-isolated-cpu', 'interrupt-lost'];

/** True if a device, an event or an affinity mask met CPUs without a vector to spare, or a queue has too wide a mask. */
export function vectorRefused({ run, findings }: Analysis): boolean {
  return (
    run.devices.some(({ errno }) => errno === ENOSPC || errno === EINVAL) ||
    run.events.some(({ result, errno }) => result === 'refused' && errno === ENOSPC) ||
    findings.some(({ rule }) => WANT_FEWER.includes(rule))
  );
}

/**
 * I/O that hangs: an online CPU's requests go to a queue whose interrupt does not arrive. Found from the maps of the
 * block layer, which drains a queue only if no online CPU maps to it (blk_mq_hctx_has_online_cpu()).
 */
import { CpuMask } from '../../lib/cpumask.ts';
import { hasFlags, type IrqDesc, IrqFlag } from '../engine/irq-desc.ts';
import type { QueueSetting } from './health.ts';
import { lossOf } from './loss.ts';
import type { HangSpan } from './run.ts';
import type { ProbedDevice } from './system.ts';

/**
 * The online CPUs whose requests to a queue are never completed; null: none. `cpus`: those that send it requests.
 * Nothing hangs where another queue takes them.
 */
export function hangingOn(
  setting: QueueSetting,
  cpus: CpuMask | undefined,
  d: IrqDesc | null,
): CpuMask | null {
  if (cpus === undefined || d === null || setting.redirected) return null;
  if (hasFlags(d, IrqFlag.started) && lossOf(d, setting) === null) return null;
  return cpus.intersects(setting.online) ? CpuMask.and(cpus, setting.online) : null;
}

type OpenSpan = { -readonly [K in keyof HangSpan]: HangSpan[K] };

/** Hangs as they come and go. */
export interface HangLog {
  /** Per device and queue: the span that is open. */
  readonly open: Map<ProbedDevice, Map<number, OpenSpan>>;
  readonly spans: HangSpan[];
}

export const createHangLog = (): HangLog => ({ open: new Map(), spans: [] });

/** The device is set up again: what hung on it ends. */
export function endHangs({ open }: HangLog, device: ProbedDevice, event: number): void {
  for (const span of open.get(device)?.values() ?? []) span.until = event;
  open.delete(device);
}

/** Notes what hangs on a queue after an event (0: after boot). True if that differs from before. */
export function noteHang(
  log: HangLog,
  device: ProbedDevice,
  queue: number,
  event: number,
  cpus: CpuMask | null,
): boolean {
  const ofDevice = log.open.get(device);
  const before = ofDevice?.get(queue);
  if (cpus === null) {
    if (before === undefined) return false;
    before.until = event;
    ofDevice?.delete(queue);
    return true;
  }
  if (before !== undefined) {
    if (cpus.isSubsetOf(before.cpus)) return false;
    before.cpus = CpuMask.or(before.cpus, cpus);
    return true;
  }
  const span: OpenSpan = { device: device.spec.name, queue, cpus, from: event, until: null };
  log.spans.push(span);
  if (ofDevice) ofDevice.set(queue, span);
  else log.open.set(device, new Map([[queue, span]]));
  return true;
}

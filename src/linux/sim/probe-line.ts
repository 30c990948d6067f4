/** Probes one device that has no message interrupts. */
import { allocIoapic } from '../engine/irq-alloc.ts';
import { requestIrq } from '../engine/irq-manage.ts';
import { domainIndex } from './domain-use.ts';
import { takeIrq } from './irq-numbers.ts';
import type { ProbedDevice, System } from './system.ts';

/** A device that is probed. */
export type Hung = Pick<ProbedDevice, 'spec' | 'plan' | 'domain'>;

/** A device that was set up, to which its maps are added. */
export type BareDevice = { -readonly [K in keyof ProbedDevice]: ProbedDevice[K] };

/** Without message interrupts a device has one line interrupt for everything. Its maps are still to be made. */
export function probeLine(system: System, { spec, plan, domain }: Hung): BareDevice {
  const firstIrq = takeIrq(system);
  const index = domainIndex(domain);
  const errno = Math.abs(
    allocIoapic(system.life, firstIrq, spec.node ?? -1, index) || requestIrq(system.life, firstIrq),
  );
  return {
    spec,
    plan,
    domain,
    granted: errno === 0 ? 1 : 0,
    firstIrq,
    queueVectors: Array.from({ length: plan.queues }, () => (errno === 0 ? 0 : null)),
    shared: plan.queues > 1,
    fallback:
      spec.interrupts === 'line'
        ? null
        : 'no message interrupts on this machine: one line interrupt serves everything',
    errno,
    fullCpu: null,
    maps: [],
    mapped: [],
  };
}

/**
 * The devices of a capture in the model: what each driver asks for and how its vectors are spread is
 * predicted; their numbers, and the order of allocations, are taken from the machine.
 */

import type { FoundDevice } from '../../formats/linux-capture/devices.ts';
import type { CpuMask } from '../../lib/cpumask.ts';
import type { DriverPlan, VectorAttempt } from '../../linux/drivers/driver.ts';
import { profileOf } from '../../linux/drivers/index.ts';
import { deviceDomain } from '../../linux/model/irqdomain.ts';
import { countCpus } from '../../linux/sim/domain-use.ts';
import { firstAttempt } from '../../linux/sim/probe.ts';
import { type ProbedDevice, type System, spreadOnce } from '../../linux/sim/system.ts';
import type { DeviceDomain } from '../../machine/interrupt-domains.ts';
import type { DeviceSpec } from '../../machine/machine.ts';

/** A device of the machine and what irqsim predicts of it. */
export interface PredictedDevice {
  readonly found: FoundDevice;
  readonly plan: DriverPlan;
  readonly attempt: VectorAttempt;
  /** Vectors that the driver gets if none is missing. */
  readonly granted: number;
  /** The interrupt domain that it hangs on. */
  readonly domain: DeviceDomain;
}

/** By interrupt number: the device it belongs to in the end, and the index of the vector. */
export type Owners = ReadonlyMap<number, { readonly device: PredictedDevice; readonly index: number }>;

/** An interrupt as reports name it: by its device, else by the names of its actions. */
export function subjectOf(owner: Owners, irq: number, names: string): string {
  const place = owner.get(irq);
  return place
    ? `irq ${irq} (${place.device.found.device.name} vector ${place.index})`
    : `irq ${irq} (${names})`;
}

/** How a vector is allocated. */
export interface PredictedVector {
  readonly managed: boolean;
  readonly affinity: CpuMask | undefined;
}

/** What the driver asks for, as pci_alloc_irq_vectors_affinity() grants it where vectors are plenty. */
export function predictDevice(system: System, spec: DeviceSpec, found: FoundDevice): PredictedDevice {
  const domain = deviceDomain(system.machine, system.delivery, spec);
  const plan = profileOf(spec.driver).plan(spec, countCpus(system, domain));
  const { attempt, vectors: granted } = firstAttempt(system, domain, plan);
  return { found, plan, attempt, granted, domain };
}

/** The vector with this index, of as many as the machine shows. */
export function predictVector(
  system: System,
  { attempt, found, domain }: PredictedDevice,
  index: number,
): PredictedVector {
  if (!attempt.affinity) return { managed: false, affinity: undefined };
  const spread = spreadOnce(system, domain, found.irqs.length, attempt.affinity);
  if (spread.result.kind !== 'masks') return { managed: false, affinity: undefined };
  const [from, to] = spread.result.managed;
  return { managed: index >= from && index < to, affinity: spread.maskOf(index) };
}

/** The device as the events of the model see it; its numbers are consecutive, or else it takes no hints. */
export function probedDevice(
  spec: DeviceSpec,
  { plan, attempt, found, domain }: PredictedDevice,
): ProbedDevice {
  const { irqs } = found;
  const inRow = irqs.every((irq, index) => irq === irqs[0] + index);
  const granted = inRow ? irqs.length : 0;
  return {
    spec,
    plan,
    domain,
    granted,
    firstIrq: irqs[0],
    queueVectors: Array.from({ length: plan.queues }, (_, queue) => attempt.vectorOf(queue, irqs.length)),
    shared: granted !== plan.vectorsAsked,
    fallback: null,
    errno: 0,
    fullCpu: null,
    // Nothing is asked of the block layer here.
    maps: [],
    mapped: [],
  };
}

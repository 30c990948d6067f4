/**
 * Devices behind an Intel VMD controller: their messages carry the index of one of VMD's own vectors, and which one is
 * not known. They take no vector of a CPU, and go where VMD's go (docs/model/domains-and-destinations.md#vmd).
 */
import type { DeviceSpec } from '../../machine/machine.ts';
import type { DriverPlan } from '../drivers/driver.ts';
import type { DeviceRun } from './run.ts';
import type { ProbedDevice } from './system.ts';

/** As its driver leaves it: nothing of its interrupts is known but whose they are. */
export function behindVmd(spec: DeviceSpec, plan: DriverPlan, domain: ProbedDevice['domain']): ProbedDevice {
  return {
    spec,
    plan,
    domain,
    granted: 0,
    firstIrq: 0,
    queueVectors: [],
    shared: false,
    fallback: `behind ${spec.behind}: its interrupts share the vectors of ${spec.behind}`,
    errno: 0,
    fullCpu: null,
    maps: [],
    mapped: [],
  };
}

/** Vectors of a device, those that arrive and those that do not. */
function vectorsOf({ queues, interrupts }: DeviceRun): readonly { readonly arrives: boolean }[] {
  const served = queues.filter(({ irq }) => irq !== null);
  return [
    ...served.map(({ state, lost }) => ({ arrives: state === 'started' && lost === undefined })),
    ...interrupts.map(({ lost }) => ({ arrives: lost === undefined })),
  ];
}

/** Dead where no vector of its controller arrives; else nobody knows whether its own do. */
export function healthBehind(controller: DeviceRun | undefined): DeviceRun['health'] {
  return controller !== undefined && vectorsOf(controller).some(({ arrives }) => arrives)
    ? 'at-risk'
    : 'dead';
}

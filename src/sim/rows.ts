/** From the engine's state to what rules and reports read. */
import { hasFlags, type IrqDesc, IrqFlag } from '../engine/irq-desc.ts';
import { assert } from '../lib/assert.ts';
import { CpuMask } from '../lib/cpumask.ts';
import { perCpuCapacity } from './capacity.ts';
import { effectiveCpu, queueHealth, shownAffinity, worst } from './health.ts';
import { redirectTargets } from './redirect.ts';
import type { DeviceRun, InterruptRow, QueueRow, VectorsRun } from './run.ts';
import type { ProbedDevice, System } from './system.ts';

function interruptRow(d: IrqDesc, vectorIndex: number): InterruptRow {
  return {
    irq: d.irq,
    vectorIndex,
    managed: hasFlags(d, IrqFlag.managed),
    affinity: shownAffinity(d),
    effective: effectiveCpu(d),
    vector: d.vector === 0 ? null : d.vector,
  };
}

function notAllocated(index: number, nrCpuIds: number): QueueRow {
  return {
    index,
    irq: null,
    vectorIndex: null,
    managed: false,
    affinity: new CpuMask(nrCpuIds),
    effective: null,
    vector: null,
    state: 'not-allocated',
    health: 'dead',
  };
}

function queueRows(system: System, device: ProbedDevice, descOf: (vector: number) => IrqDesc): QueueRow[] {
  const { queueVectors, shared } = device;
  const { online, reach } = system;
  const targets = redirectTargets(
    system,
    queueVectors.map((vector) => (vector === null ? null : descOf(vector))),
  );
  return queueVectors.map((vector, index) => {
    if (vector === null) return notAllocated(index, online.nbits);
    const d = descOf(vector);
    const target = targets[index];
    return {
      index,
      ...interruptRow(d, vector),
      ...stateOf(d),
      health: queueHealth(d, { shared, redirected: target !== null, online, reach }),
      ...(target === null ? {} : { redirectedTo: target }),
    };
  });
}

/** An empty message in the MSI-X entry tells that it ran before (reachability F.1). */
function stateOf(d: IrqDesc): Pick<QueueRow, 'state' | 'stopped'> {
  if (hasFlags(d, IrqFlag.started)) return { state: 'started' };
  return { state: 'shutdown', stopped: hasFlags(d, IrqFlag.emptyMessage) ? 'shut-down' : 'never-started' };
}

/** One device as the kernel would show it now. */
export function deviceRun(system: System, device: ProbedDevice): DeviceRun {
  const { spec, plan, granted, firstIrq, queueVectors } = device;
  const descOf = (vector: number): IrqDesc => {
    const d = system.life.irqs.get(firstIrq + vector);
    assert(d, `${spec.name} has no irq ${firstIrq + vector}`);
    return d;
  };
  const queues = queueRows(system, device, descOf);
  const served = new Set(queueVectors);
  const interrupts: InterruptRow[] = [];
  for (let vector = 0; vector < granted; vector++) {
    if (!served.has(vector)) interrupts.push(interruptRow(descOf(vector), vector));
  }
  return {
    name: spec.name,
    driver: spec.driver,
    path: spec.path,
    vectorsAsked: plan.vectorsAsked,
    vectorsGranted: granted,
    health: granted === 0 ? 'dead' : worst(queues.map((queue) => queue.health)),
    fallback: device.fallback,
    errno: device.errno,
    fullCpu: device.fullCpu,
    queues,
    interrupts,
  };
}

/** The matrix's accounts, as /sys/kernel/debug/irq/domains/VECTOR has them. */
export function vectorsRun({ life, machine, enumeration }: System): VectorsRun {
  const { matrix } = life;
  return {
    globalAvailable: matrix.globalAvailable >>> 0,
    globalReserved: matrix.globalReserved >>> 0,
    totalAllocated: matrix.totalAllocated >>> 0,
    perCpuCapacity: perCpuCapacity(machine),
    perCpu: Array.from({ length: enumeration.nrCpuIds }, (_, cpu) => ({
      cpu,
      available: matrix.available[cpu] >>> 0,
      allocated: matrix.allocated[cpu] >>> 0,
      managed: matrix.managed[cpu] >>> 0,
      managedAllocated: matrix.managedAllocated[cpu] >>> 0,
    })),
  };
}

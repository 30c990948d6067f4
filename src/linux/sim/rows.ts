/** From the engine's state to what rules and reports read. */

import { BugError } from '../../lib/assert.ts';
import { CpuMask } from '../../lib/cpumask.ts';
import type { DriverName } from '../../machine/driver-names.ts';
import { profileOf } from '../drivers/index.ts';
import { hasFlags, type IrqDesc, IrqFlag } from '../engine/irq-desc.ts';
import { healthBehind } from './behind-vmd.ts';
import { perCpuCapacity } from './capacity.ts';
import { queueHealth, shownAffinity, worst } from './health.ts';
import { irqOf } from './irq-numbers.ts';
import { type Arrival, effectiveCpu, lossOf } from './loss.ts';
import { redirectTargets } from './redirect.ts';
import type { DeviceRun, InterruptRow, QueueRow, Tally, VectorsRun } from './run.ts';
import { arrivalOf, type ProbedDevice, type System } from './system.ts';
import { tallyOf, worstOf } from './tally.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

function interruptRow(arrival: Arrival, d: IrqDesc, vectorIndex: number): InterruptRow {
  const lost = lossOf(d, arrival);
  const row: Writable<InterruptRow> = {
    irq: d.irq,
    vectorIndex,
    managed: hasFlags(d, IrqFlag.managed),
    affinity: shownAffinity(d),
    effective: effectiveCpu(d),
    vector: d.vector === 0 ? null : d.vector,
  };
  if (lost !== null) row.lost = lost;
  if (hasFlags(d, IrqFlag.affinityPending)) row.pending = true;
  noteReserved(row, d);
  return row;
}

/** A policy may reserve on fewer CPUs than those of the mask. */
function noteReserved(row: { reservedOn?: CpuMask }, { reservedOn, affinity }: IrqDesc): void {
  if (reservedOn !== null && reservedOn !== affinity) row.reservedOn = reservedOn;
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
  const arrival = arrivalOf(system, device.domain);
  const { life, online, reach } = arrival;
  const descs = queueVectors.map((vector) => (vector === null ? null : descOf(vector)));
  const targets = system.policy.redirects ? redirectTargets(system, device, descs) : null;
  const settings = { life, online, reach, shared, redirected: false };
  const redirected = targets && { ...settings, redirected: true };
  return descs.map((d, index): QueueRow => {
    if (d === null) return notAllocated(index, system.online.nbits);
    const target = targets?.[index] ?? null;
    const started = hasFlags(d, IrqFlag.started);
    // One object without spreads: there are as many rows as interrupts.
    const row: Writable<QueueRow> = {
      index,
      irq: d.irq,
      vectorIndex: queueVectors[index],
      managed: hasFlags(d, IrqFlag.managed),
      affinity: shownAffinity(d),
      effective: effectiveCpu(d),
      vector: d.vector === 0 ? null : d.vector,
      state: started ? 'started' : 'shutdown',
      health: queueHealth(d, target === null ? settings : (redirected ?? settings), device.mapped[index]),
    };
    const lost = row.health === 'dead' ? lossOf(d, arrival) : null;
    if (lost !== null) row.lost = lost;
    if (hasFlags(d, IrqFlag.affinityPending)) row.pending = true;
    noteReserved(row, d);
    if (!started) row.stopped = whyStopped(d);
    if (target !== null) row.redirectedTo = target;
    return row;
  });
}

/** An empty message in the MSI-X entry tells that it ran before (docs/model/interrupt-life.md#states). */
function whyStopped(d: IrqDesc): NonNullable<QueueRow['stopped']> {
  return hasFlags(d, IrqFlag.emptyMessage) ? 'shut-down' : 'never-started';
}

/** That of the worst queue, or what the driver is without an interrupt that serves none. */
function deviceHealth(
  driver: DriverName,
  tally: Tally,
  interrupts: readonly InterruptRow[],
): DeviceRun['health'] {
  const ofQueues = worstOf(tally);
  if (tally.lost === 0 || interrupts.every(({ lost }) => lost === undefined)) return ofQueues;
  return worst([ofQueues, profileOf(driver).withoutOther]);
}

/** That of the device, or of the controller that it is behind. */
function healthOf(
  system: System,
  { spec, granted }: ProbedDevice,
  tally: DeviceRun['tally'],
  interrupts: readonly InterruptRow[],
): DeviceRun['health'] {
  if (spec.behind === null) return granted === 0 ? 'dead' : deviceHealth(spec.driver, tally, interrupts);
  const controller = system.devices.find((one) => one.spec.name === spec.behind);
  return healthBehind(controller && deviceRun(system, controller));
}

/** One device as the kernel would show it now. */
export function deviceRun(system: System, device: ProbedDevice): DeviceRun {
  const { spec, plan, domain, granted, queueVectors } = device;
  const descOf = (vector: number): IrqDesc => {
    const irq = irqOf(device, vector);
    const d = system.life.irqs.get(irq);
    if (d === undefined) throw new BugError(`${spec.name} has no irq ${irq}`);
    return d;
  };
  const queues = queueRows(system, device, descOf);
  const served = new Uint8Array(granted);
  for (const vector of queueVectors) if (vector !== null) served[vector] = 1;
  const arrival = arrivalOf(system, domain);
  const interrupts: InterruptRow[] = [];
  for (let vector = 0; vector < granted; vector++) {
    if (served[vector] === 0) interrupts.push(interruptRow(arrival, descOf(vector), vector));
  }
  const tally = tallyOf(queues, interrupts);
  const run: Writable<DeviceRun> = {
    name: spec.name,
    driver: spec.driver,
    path: spec.path,
    domain,
    vectorsAsked: plan.vectorsAsked,
    vectorsGranted: granted,
    health: healthOf(system, device, tally, interrupts),
    fallback: device.fallback,
    errno: device.errno,
    fullCpu: device.fullCpu,
    queues,
    maps: device.maps,
    interrupts,
    tally,
  };
  if (spec.behind !== null) run.behind = spec.behind;
  return run;
}

/** The matrix's accounts, as /sys/kernel/debug/irq/domains/VECTOR has them. */
export function vectorsRun({ life, machine, enumeration }: System): VectorsRun {
  const { matrix } = life;
  const perCpu: VectorsRun['perCpu'][number][] = [];
  for (let cpu = 0; cpu < enumeration.nrCpuIds; cpu++) {
    perCpu.push({
      cpu,
      available: matrix.available[cpu] >>> 0,
      allocated: matrix.allocated[cpu] >>> 0,
      managed: matrix.managed[cpu] >>> 0,
      managedAllocated: matrix.managedAllocated[cpu] >>> 0,
    });
  }
  return {
    globalAvailable: matrix.globalAvailable >>> 0,
    globalReserved: matrix.globalReserved >>> 0,
    totalAllocated: matrix.totalAllocated >>> 0,
    perCpuCapacity: perCpuCapacity(machine),
    perCpu,
  };
}

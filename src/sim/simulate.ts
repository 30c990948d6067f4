/** One run: enumerate, decide the APIC mode, boot, probe the devices in order, let the events happen. */
import { hasFlags, type IrqDesc, IrqFlag } from '../engine/irq-desc.ts';
import { onlineMask } from '../engine/irq-life.ts';
import { vectorLayout } from '../engine/vector-layout.ts';
import { assert } from '../lib/assert.ts';
import { CpuMask } from '../lib/cpumask.ts';
import type { Machine } from '../machine/machine.ts';
import { type ApicDecision, decideApic } from '../model/apic.ts';
import { type Enumeration, enumerate } from '../model/enumerate.ts';
import { type DomainReach, domainReach } from '../model/irqdomain.ts';
import { boot } from './boot.ts';
import { applyEvent } from './events.ts';
import { effectiveCpu, queueHealth, shownAffinity, worst } from './health.ts';
import { probe } from './probe.ts';
import type { DeviceRun, InterruptRow, QueueRow, Run, VectorsRun } from './run.ts';
import type { ProbedDevice, System } from './system.ts';

export interface Simulation {
  readonly enumeration: Enumeration;
  readonly apic: ApicDecision;
  readonly domains: readonly DomainReach[];
  readonly run: Run;
}

/** Simulates a machine from firmware hand-over to the last event. */
export function simulate(machine: Machine): Simulation {
  const enumeration = enumerate(machine);
  const apic = decideApic(machine, enumeration);
  if (apic.fatal) {
    const domains = domainReach(machine, enumeration, apic);
    return { enumeration, apic, domains, run: neverBooted(machine, enumeration, apic) };
  }
  const system = boot(machine, enumeration, apic);
  for (const spec of machine.devices) probe(system, spec);
  const events = machine.events.map((event) => applyEvent(system, event));
  const domains = domainReach(machine, enumeration, apic);
  const online = onlineMask(system.life);
  return {
    enumeration,
    apic,
    domains,
    run: {
      online,
      present: enumeration.present.clone(),
      refused: system.refused,
      devices: system.devices.map((device) => deviceRun(system, device, online, domains[0])),
      events,
      vectors: vectorsRun(system),
      messages: system.log,
    },
  };
}

function vectorOf(d: IrqDesc): number | null {
  return d.vector === 0 ? null : d.vector;
}

function interruptRow(d: IrqDesc, vectorIndex: number): InterruptRow {
  return {
    irq: d.irq,
    vectorIndex,
    managed: hasFlags(d, IrqFlag.managed),
    affinity: shownAffinity(d),
    effective: effectiveCpu(d),
    vector: vectorOf(d),
  };
}

function deviceRun(system: System, device: ProbedDevice, online: CpuMask, reach: DomainReach): DeviceRun {
  const { spec, plan, granted, firstIrq, queueVectors, shared } = device;
  const descOf = (vector: number): IrqDesc => {
    const d = system.life.irqs.get(firstIrq + vector);
    assert(d, `${spec.name} has no irq ${firstIrq + vector}`);
    return d;
  };
  const queues = queueVectors.map((vector, index): QueueRow => {
    if (vector === null) return notAllocated(index, system.spread.defaultAffinity);
    const d = descOf(vector);
    return {
      index,
      ...interruptRow(d, vector),
      state: hasFlags(d, IrqFlag.started) ? 'started' : 'shutdown',
      health: queueHealth(d, shared, online, reach),
    };
  });
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
    queues,
    interrupts,
  };
}

function notAllocated(index: number, { nbits }: CpuMask): QueueRow {
  return {
    index,
    irq: null,
    vectorIndex: null,
    managed: false,
    affinity: new CpuMask(nbits),
    effective: null,
    vector: null,
    state: 'not-allocated',
    health: 'dead',
  };
}

function vectorsRun({ life, machine, enumeration }: System): VectorsRun {
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

/** Vectors a CPU has for devices: the window without the system vectors inside it. */
function perCpuCapacity({ kernel, kernelConfig, cmdline, legacyIrqs }: Machine): number {
  const { start, end, system } = vectorLayout(
    kernel,
    kernelConfig.ia32 && !cmdline.ia32Off,
    legacyIrqs ? 16 : 0,
  );
  return end - start - system.filter((vector) => vector >= start && vector < end).length;
}

/** The kernel panicked before it had an interrupt: nothing is online, no device was probed. */
function neverBooted(
  machine: Machine,
  { nrCpuIds, present, messages }: Enumeration,
  apic: ApicDecision,
): Run {
  return {
    online: new CpuMask(nrCpuIds),
    present: present.clone(),
    refused: [],
    devices: machine.devices.map((spec) => ({
      name: spec.name,
      driver: spec.driver,
      path: spec.path,
      vectorsAsked: 0,
      vectorsGranted: 0,
      health: 'dead',
      fallback: 'never probed: the kernel panics at boot',
      errno: 0,
      queues: [],
      interrupts: [],
    })),
    events: machine.events.map((event) => ({
      event,
      result: 'refused',
      errno: 0,
      messages: [],
      changes: [],
    })),
    vectors: {
      globalAvailable: 0,
      globalReserved: 0,
      totalAllocated: 0,
      perCpuCapacity: perCpuCapacity(machine),
      perCpu: Array.from({ length: nrCpuIds }, (_, cpu) => ({
        cpu,
        available: 0,
        allocated: 0,
        managed: 0,
        managedAllocated: 0,
      })),
    },
    messages: [...messages, ...apic.messages],
  };
}

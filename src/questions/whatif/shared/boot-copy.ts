/** Copies of a machine that has just booted, so that like machines need not boot again. */

import { CpuMask } from '../../../lib/cpumask.ts';
import type { IrqDesc } from '../../../linux/engine/irq-desc.ts';
import type { IrqLife } from '../../../linux/engine/irq-life.ts';
import { IrqTable } from '../../../linux/engine/irq-table.ts';
import type { IrqMatrix } from '../../../linux/engine/matrix-state.ts';
import { NR_VECTORS } from '../../../linux/engine/vector-layout.ts';
import type { Enumeration } from '../../../linux/model/enumerate.ts';
import type { BootFacts } from '../../../linux/sim/steps.ts';
import type { System } from '../../../linux/sim/system.ts';
import type { Machine } from '../../../machine/machine.ts';

function copyEnumeration(enumeration: Enumeration): Enumeration {
  return {
    ...enumeration,
    cpus: enumeration.cpus.map((cpu) => ({ ...cpu })),
    present: enumeration.present.clone(),
    everPresent: enumeration.everPresent.clone(),
    numbers: enumeration.numbers.slice(),
    legacy: { ...enumeration.legacy },
  };
}

function copyMatrix(matrix: IrqMatrix, { kernel }: Machine): IrqMatrix {
  return {
    ...matrix,
    kernel,
    systemMap: matrix.systemMap.slice(),
    blocked: matrix.blocked.slice(),
    available: matrix.available.slice(),
    allocated: matrix.allocated.slice(),
    managed: matrix.managed.slice(),
    managedAllocated: matrix.managedAllocated.slice(),
    initialized: matrix.initialized.slice(),
    online: matrix.online.slice(),
    allocMap: matrix.allocMap.slice(),
    managedMap: matrix.managedMap.slice(),
    freeFrom: matrix.freeFrom.slice(),
    managedFrom: matrix.managedFrom.slice(),
    leastManagedCpu: matrix.leastManagedCpu.slice(),
    bestCpu: matrix.bestCpu.slice(),
  };
}

const NO_TABLE = new Int32Array(0);

/** The vector tables again from what the interrupts own: those of a booted machine are nearly empty. */
function fillVectorTable({ irqs, config }: IrqLife): Int32Array<ArrayBuffer> {
  const table = new Int32Array(config.nrCpus * NR_VECTORS);
  for (const { irq, cpu, vector, prevCpu, prevVector } of irqs.values()) {
    if (vector !== 0) table[cpu * NR_VECTORS + vector] = irq + 1;
    if (prevVector !== 0) table[prevCpu * NR_VECTORS + prevVector] = irq + 1;
  }
  return table;
}

function copyLife(
  life: IrqLife,
  { machine, delivery }: BootFacts,
  enumeration: Enumeration,
  nodeOf: Int32Array,
): IrqLife {
  const descs = new Map<IrqDesc, IrqDesc>(life.irqs.values().map((d) => [d, { ...d }]));
  const irqs = new IrqTable();
  for (const d of descs.values()) irqs.set(d.irq, d);
  const copies = (set: ReadonlySet<IrqDesc>) => new Set([...set].map((d) => descs.get(d) ?? d));
  const liveMask = ({ bits }: IrqLife['online']) => ({ bits: bits.clone(), shared: null });
  const config = {
    ...life.config,
    irqRemap: () => delivery.remapped,
    nodeOf,
    kernel: machine.kernel,
    apicIdOf: (cpu: number) => enumeration.cpus[cpu].apicId ?? cpu,
  };
  return {
    ...life,
    config,
    matrix: copyMatrix(life.matrix, machine),
    irqs,
    online: liveMask(life.online),
    nodeOnline: life.nodeOnline.map(liveMask),
    vectorTable: fillVectorTable(life),
    cleanupLists: new Map([...life.cleanupLists].map(([cpu, list]) => [cpu, copies(list)])),
    unsettled: copies(life.unsettled),
    shutDown: copies(life.shutDown),
    log: [...life.log],
    scratch: new CpuMask(life.config.nrCpus),
    intersections: new Map(),
  };
}

/** The enumeration for a run: a copy where its events change it, which only CPU hot-plug does. */
export function enumerationToChange(enumeration: Enumeration, { events }: Machine): Enumeration {
  const changes = events.some(({ kind }) => kind === 'plug' || kind === 'unplug');
  return changes ? copyEnumeration(enumeration) : enumeration;
}

/** The same system to be kept for copies: without the vector tables, which are large. */
export function keepBooted(system: System): System {
  return { ...system, life: { ...system.life, vectorTable: NO_TABLE } };
}

/** A system to go on with, in the place of one that the facts would come to by booting; `booted` was kept, and stays as it is. */
export function copyBooted(booted: System, facts: BootFacts): System {
  const { machine, delivery } = facts;
  const enumeration = enumerationToChange(booted.enumeration, machine);
  const nodeOf = booted.nodeOf.slice();
  const { spread } = booted;
  return {
    ...booted,
    machine,
    delivery,
    enumeration,
    online: booted.online.clone(),
    life: copyLife(booted.life, facts, enumeration, nodeOf),
    spread: {
      ...spread,
      // Spreading looks at the mask that hot-plug changes.
      present: spread.present === booted.enumeration.present ? enumeration.present : spread.present,
      siblings: spread.siblings.slice(),
      clusters: spread.clusters.slice(),
    },
    nodeOf,
    // Spreads ask the kernel more than the boot did.
    spreads: new Map(),
    dealtMaps: new Map(),
    reaches: new Map(),
    spreadsIn: new Map(),
    // Set up by what follows the boot, as devices are.
    hpet: [],
    devices: [],
    freeIrqs: [],
    refused: [...booted.refused],
    log: [...booted.log],
  };
}

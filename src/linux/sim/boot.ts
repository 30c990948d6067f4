/**
 * Boots the described machine as Linux does: system vectors, the boot CPU, legacy interrupts taken over
 * by the IO-APIC, then the other CPUs, each brought up or refused. The order is that of the vector
 * traces of real boots.
 */

import { CpuMask } from '../../lib/cpumask.ts';
import { cpulistParse } from '../../machine/kparam.ts';
import type { Machine } from '../../machine/machine.ts';
import { withdrawCpu } from '../engine/cpuhotplug.ts';
import { allocLegacy } from '../engine/irq-alloc.ts';
import { createIrqLife, drainLog } from '../engine/irq-life.ts';
import { irqSetNoBalancing } from '../engine/irq-manage.ts';
import { irqMatrixAssignSystem } from '../engine/matrix.ts';
import { isaIrqVector, PIC_CASCADE_IR } from '../engine/vector-layout.ts';
import { bringUpCpus } from '../model/bringup.ts';
import type { Enumeration, KernelCpu } from '../model/enumerate.ts';
import { housekeepingSetup } from '../model/housekeeping.ts';
import { spreadNodes } from '../model/numa.ts';
import { hypervStubMask } from '../model/reach.ts';
import type { Policy } from '../policy/policy.ts';
import { bringOnline, takeOffline } from './cpus.ts';
import type { Delivery } from './delivery.ts';
import { domainIndex, domainMasksAtBoot, domainRules, interruptsMayUse } from './domain-use.ts';
import { ioapicDisabled } from './ioapic-disabled.ts';
import { type System, setSiblingsUp } from './system.ts';

/** NR_IRQS_LEGACY: numbers of the ISA interrupts, and the least pins that count where no IO-APIC does. */
export const NR_LEGACY = 16;
const TIMER_IRQ = 0;
/**
 * ISA interrupts without an entry in the MP table of SeaBIOS, which gives them to PCI devices: nobody takes
 * their legacy vectors over, so that these stay allocated on the boot CPU.
 */
const NOT_IN_MP_TABLE: ReadonlySet<number> = new Set([5, 9, 10, 11]);
/** Pins of one IO-APIC: the first interrupt number that is free for messages (gsi_top). */
const IOAPIC_PINS = 24;

/** irq_default_affinity: all CPUs, or `irqaffinity=` with the boot CPU always added. */
export function defaultAffinity({ cmdline, kernel }: Machine, nrCpuIds: number): CpuMask {
  const list = cmdline.irqaffinity;
  if (list === undefined) return CpuMask.full(nrCpuIds);
  return (cpulistParse(kernel, list, nrCpuIds) ?? new CpuMask(nrCpuIds)).set(0);
}

/** Lowest CPU of each CPU's group: those whose APIC IDs agree above `shiftOf` bits. A CPU without known ID is alone. */
function groupsOf({ cpus, nrCpuIds }: Enumeration, shiftOf: (cpu: KernelCpu) => number): Int32Array {
  const firstOf = new Map<number, number>();
  const groupOf = new Int32Array(nrCpuIds);
  for (const slot of cpus) {
    const { cpu, apicId } = slot;
    groupOf[cpu] = cpu;
    if (apicId === null) continue;
    // APIC IDs have 32 bits: the signed number names the group as well.
    const lowestId = apicId & (-1 << shiftOf(slot));
    const first = firstOf.get(lowestId);
    if (first === undefined) firstOf.set(lowestId, cpu);
    else groupOf[cpu] = first;
  }
  return groupOf;
}

/** Bits of the APIC ID below the L2 cache of a CPU: as firmware's CPU has it, else those of its core. */
function l2ShiftOf({ cpus, smtShift }: Machine, { firmwareIndex }: KernelCpu): number {
  return (firmwareIndex === null ? undefined : cpus[firmwareIndex].l2Shift) ?? smtShift;
}

/** Lowest CPU with which each CPU shares an L2 cache: that of its core where nobody says more. */
function clustersOf(machine: Machine, enumeration: Enumeration, coreOf: Int32Array): Int32Array {
  if (machine.cpus.every(({ l2Shift }) => l2Shift === undefined)) return coreOf;
  return groupsOf(enumeration, (cpu) => l2ShiftOf(machine, cpu));
}

function createSystem(
  machine: Machine,
  enumeration: Enumeration,
  delivery: Delivery,
  policy: Policy,
): System {
  const { nrCpuIds, possible } = enumeration;
  const { nodes, cpuToNode: nodeOf } = spreadNodes(machine, enumeration);
  const affinity = defaultAffinity(machine, nrCpuIds);
  const reaches: System['reaches'] = new Map();
  const facts = { machine, enumeration, delivery, policy, reaches };
  const domainMasks = domainMasksAtBoot(facts);
  const kept = housekeepingSetup(machine, enumeration);
  const coreOf = groupsOf(enumeration, () => machine.smtShift);
  const life = createIrqLife({
    nrCpus: nrCpuIds,
    nodeOf,
    nrNodes: nodes.length,
    irqRemap: () => delivery.remapped,
    lineMask: delivery.stub ? hypervStubMask(machine, enumeration) : null,
    nrLegacy: machine.legacyIrqs ? NR_LEGACY : 0,
    defaultAffinity: affinity,
    hkManaged: kept.masks.managed_irq ?? null,
    domains: domainRules({ machine, enumeration, delivery, policy, reaches, domainMasks }, affinity),
    kernel: machine.kernel,
    ia32: machine.kernelConfig.ia32 && !machine.cmdline.ia32Off,
  });
  return {
    machine,
    enumeration,
    delivery,
    policy,
    reaches,
    domainMasks,
    online: CpuMask.of(nrCpuIds, [0]),
    life,
    spread: {
      nrCpuIds,
      possible,
      present: enumeration.present,
      nodes,
      siblings: new Int32Array(nrCpuIds).fill(-1),
      clusters: new Int32Array(nrCpuIds).fill(-1),
      defaultAffinity: affinity,
    },
    housekeeping: kept.masks,
    coreOf,
    clusterOf: clustersOf(machine, enumeration, coreOf),
    nodeOf,
    spreadsIn: new Map(),
    spreads: new Map(),
    dealtMaps: new Map(),
    hpet: [],
    devices: [],
    refused: [],
    log: [],
    nextIrq: ioapicDisabled(machine) ? NR_LEGACY : IOAPIC_PINS,
    freeIrqs: [],
  };
}

const LEGACY_PINS = Array.from({ length: NR_LEGACY }, (_, pin) => pin).filter(
  (pin) => pin !== PIC_CASCADE_IR,
);
/** The pins in the order in which the IO-APIC takes them over. */
const TAKEN_OVER = [1, TIMER_IRQ, ...LEGACY_PINS.slice(2)];

/**
 * setup_IO_APIC(): pin 1 first, then the timer's pin 0, which stays on its vector, then 3 to 15. Without
 * IO-APIC the legacy vectors become system vectors instead, so that no other CPU hands them out.
 */
function takeOverLegacy(system: System): void {
  const { machine, life } = system;
  if (!machine.legacyIrqs) return;
  if (ioapicDisabled(machine)) {
    for (const pin of LEGACY_PINS) irqMatrixAssignSystem(life.matrix, 0, isaIrqVector(pin), true);
    return;
  }
  for (const pin of TAKEN_OVER) {
    if (machine.cmdline.acpiOff && NOT_IN_MP_TABLE.has(pin)) continue;
    allocLegacy(life, pin, pin === TIMER_IRQ, domainIndex('ioapic'));
  }
  irqSetNoBalancing(life, TIMER_IRQ);
}

/** Brings the other CPUs up; those above the limit are refused. */
function bringUpOthers(system: System): void {
  const { machine, enumeration, delivery } = system;
  const { online, sentBack, refused, messages } = bringUpCpus(machine, enumeration, delivery);
  setSiblingsUp(system, 0, true);
  online.forEach((cpu) => {
    if (cpu === 0) return;
    bringOnline(system, cpu);
  });
  // Their vectors exist from now on, as of any CPU that went offline.
  for (const cpu of sentBack) {
    bringOnline(system, cpu);
    takeOffline(system, cpu);
  }
  if (!interruptsMayUse(system, 0)) withdrawCpu(system.life, 0);
  system.refused.push(...refused);
  system.log.push(...messages);
}

/** Boots to the point where drivers are probed. The log begins behind that of the enumeration and the APIC decision. */
export function boot(machine: Machine, enumeration: Enumeration, delivery: Delivery, policy: Policy): System {
  const system = createSystem(machine, enumeration, delivery, policy);
  takeOverLegacy(system);
  bringUpOthers(system);
  system.log.push(...drainLog(system.life), ...enumeration.scanMessages);
  return system;
}

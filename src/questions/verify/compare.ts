/** The model's state held against what one stage shows. */

import { cpuSet } from '../../formats/linux-capture/cpu-set.ts';
import { INTERRUPTS, irqFiles } from '../../formats/linux-capture/interrupts.ts';
import { kernelLog } from '../../formats/linux-capture/kernel-log.ts';
import { textOf } from '../../formats/linux-capture/tree.ts';
import type { CpuMask } from '../../lib/cpumask.ts';
import { lookup } from '../../lib/lookup.ts';
import { hasFlags, type IrqDesc, IrqFlag } from '../../linux/engine/irq-desc.ts';
import { fire } from '../../linux/engine/irq-manage.ts';
import type { ApicDecision } from '../../linux/model/apic.ts';
import { cluster, composeMsi, type Destination, flat, physical } from '../../linux/model/msi-message.ts';
import { shownAffinity } from '../../linux/sim/health.ts';
import { effectiveCpu } from '../../linux/sim/loss.ts';
import { deviceEntries, type TableEntry } from './msix-dump.ts';
import { type PredictedDevice, subjectOf } from './probing.ts';
import { type Replay, readableMask } from './replay.ts';
import type { CaptureStage } from './stage.ts';
import type { Counter } from './tally.ts';

/** What the kernel calls its APIC drivers → the mode in irqsim's words. */
const ROUTING = {
  flat: 'xapic-flat',
  'physical flat': 'xapic-physical',
  'cluster x2apic': 'x2apic-cluster',
  'physical x2apic': 'x2apic-physical',
} as const satisfies Readonly<Record<string, ApicDecision['mode']>>;

/** APIC mode and remapping, by the kernel log. */
export function compareApic({ system, apic }: Replay, { name, tree }: CaptureStage, counter: Counter): void {
  const log = kernelLog(tree);
  if (!log.known) {
    counter.skip(name, 'APIC mode', 'there is no kernel log that reaches back to the boot');
    counter.skip(name, 'interrupt remapping', 'there is no kernel log that reaches back to the boot');
    return;
  }
  const routing = log.all(/(?:Switched|Setting) APIC routing to:? ([a-z0-9 ]+?)\.?\n/g).at(-1);
  const mode = lookup(ROUTING, routing?.[1]);
  if (mode) counter.compare(name, 'APIC mode', 'the machine', apic.mode, mode);
  else counter.skip(name, 'APIC mode', 'the kernel stays in the mode it starts in, and does not name it');
  const enabled = log.find(/DMAR-IR: Enabled IRQ remapping in (x2apic|xapic) mode/);
  const amd = log.says('AMD-Vi: Interrupt remapping enabled');
  const said = enabled?.[1] ?? (amd ? (log.says('AMD-Vi: X2APIC enabled') ? 'x2apic' : 'xapic') : undefined);
  // hyperv_prepare_irq_remapping() prints nothing: the chips' names show its stub, and their absence proves nothing.
  const isHyperV = system.machine.platform === 'hyperv';
  const stub = isHyperV && /\bIR-/.test(textOf(tree, INTERRUPTS) ?? '') ? 'x2apic' : undefined;
  if (isHyperV && said === undefined && stub === undefined) {
    counter.skip(name, 'interrupt remapping', 'the stub of Hyper-V prints no line');
  } else counter.compare(name, 'interrupt remapping', 'the machine', apic.remapping, said ?? stub ?? 'none');
  compareLimit(
    apic,
    system.enumeration.cpus,
    log.all(/has invalid APIC ID ([0-9a-f]+)\. Aborting/g),
    name,
    counter,
  );
}

/** CPUs that the kernel refused over their APIC ID show that the limit is below it. */
function compareLimit(
  apic: ApicDecision,
  cpus: Replay['system']['enumeration']['cpus'],
  refused: readonly RegExpExecArray[],
  stage: string,
  counter: Counter,
): void {
  for (const apicId of new Set(refused.map((match) => Number.parseInt(match[1], 16)))) {
    if (!cpus.some((cpu) => cpu.apicId === apicId)) continue;
    const say = (above: boolean) => (above ? 'above the limit' : 'within the limit');
    counter.compare(stage, 'APIC limit', `APIC ID ${apicId}`, say(apicId > apic.limit), say(true));
  }
}

/** The CPU sets and the APIC IDs. */
export function compareCpus(
  { system, unplaced }: Replay,
  { name, tree, apicIds }: CaptureStage,
  counter: Counter,
): void {
  const { enumeration } = system;
  const sets: readonly (readonly ['possible' | 'present' | 'online', CpuMask])[] = [
    ['possible', enumeration.possible],
    ['present', enumeration.present],
    ['online', system.online],
  ];
  for (const [set, predicted] of sets) {
    const shown = cpuSet(tree, set);
    const kind = `${set} CPUs` as const;
    if (shown && set === 'present') for (const cpu of unplaced) shown.clear(cpu);
    if (shown) counter.compare(name, kind, 'the machine', predicted.toString(), shown.toString());
    else counter.skip(name, kind, `there is no sys/devices/system/cpu/${set}`);
  }
  for (const [cpu, apicId] of apicIds) {
    counter.compare(
      name,
      'APIC IDs',
      `CPU ${cpu}`,
      String(enumeration.cpus[cpu]?.apicId ?? 'none'),
      String(apicId),
    );
  }
}

const RAN_OUT = 'the machine ran out of vectors while devices were probed';

/** How many vectors each driver was given. */
export function compareGrants(replay: Replay, { name }: CaptureStage, counter: Counter): void {
  for (const { found, granted } of replay.devices) {
    if (replay.ranOut) counter.skip(name, 'vectors granted', RAN_OUT);
    else
      counter.compare(name, 'vectors granted', found.device.name, String(granted), String(found.irqs.length));
  }
}

/** Every interrupt that has an action, by /proc/irq, the trace and the MSI-X tables. */
export function compareInterrupts(replay: Replay, stage: CaptureStage, counter: Counter): void {
  for (const { irq, names } of stage.lines.values()) {
    const d = replay.system.life.irqs.get(irq);
    if (!d || names === '' || irq === 0) continue;
    const subject = subjectOf(replay.owner, irq, names);
    compareFiles(replay, stage, d, subject, counter);
  }
  compareManaged(replay, stage, counter);
  compareTables(replay, stage, counter);
}

function compareFiles(
  replay: Replay,
  stage: CaptureStage,
  d: IrqDesc,
  subject: string,
  counter: Counter,
): void {
  const { name, tree } = stage;
  const { affinity, effective } = irqFiles(tree, d.irq);
  const managed = hasFlags(d, IrqFlag.managed);
  if (affinity === undefined)
    counter.skip(name, 'affinity masks', 'proc/irq/N/smp_affinity_list cannot be read');
  else if (replay.late.has(d.irq)) {
    counter.skip(
      name,
      'affinity masks',
      'the mask of a device that was plugged in later is taken from the machine',
    );
  } else if (!managed && replay.inexact) {
    counter.skip(name, 'affinity masks', 'interrupts that are not managed may have been moved by user space');
  } else {
    counter.compare(name, 'affinity masks', subject, shownAffinity(d).toString(), clipped(replay, affinity));
  }
  const certain = !replay.inexact || (managed && oneChoice(replay, d));
  if (effective === undefined)
    counter.skip(name, 'effective CPUs', 'proc/irq/N/effective_affinity_list cannot be read');
  else if (!certain) counter.skip(name, 'effective CPUs', replay.inexact ?? '');
  else if (movedBetweenReads(replay, stage, d, effective)) {
    counter.skip(name, 'effective CPUs', 'the interrupt moved between reading /proc/irq and the MSI-X table');
  } else counter.compare(name, 'effective CPUs', subject, String(effectiveCpu(d)), effective);
}

/** /proc/irq shows another CPU than the table in the device, which was read later and is as predicted. */
function movedBetweenReads(replay: Replay, stage: CaptureStage, d: IrqDesc, effective: string): boolean {
  if (effective === String(effectiveCpu(d)) || hasFlags(d, IrqFlag.managed)) return false;
  const entry = entryOf(replay, stage, d.irq);
  if (!entry) return false;
  const { vector, destination } = predictedEntry(replay, d);
  return vector === String(entry.data & 0xff) && destination === hex(entry.addressLo & ~0x8);
}

/** The device's table holds an index of the unit's, not vector and CPU. */
function passesUnit({ apic }: Replay, { domain }: PredictedDevice): boolean {
  return apic.remapping !== 'none' && domain !== 'pci-msi-unremapped';
}

/** The entry of an interrupt where it names vector and CPU. */
function entryOf(replay: Replay, { tree }: CaptureStage, irq: number): TableEntry | undefined {
  const place = replay.owner.get(irq);
  if (!place || passesUnit(replay, place.device)) return undefined;
  const { bdf, msix } = place.device.found;
  return deviceEntries(tree, bdf, msix).get(place.index);
}

/**
 * Moves that waited for an interrupt, and were made before the tables were read: the trace ends earlier, so
 * that the interrupt arrived is taken from the table.
 */
export function catchUp(replay: Replay, stage: CaptureStage): void {
  const { life } = replay.system;
  for (const irq of replay.owner.keys()) {
    const d = life.irqs.get(irq);
    if (!d || !hasFlags(d, IrqFlag.affinityPending)) continue;
    const entry = entryOf(replay, stage, irq);
    if (entry && predictedEntry(replay, d).destination !== hex(entry.addressLo & ~0x8))
      fire(life, irq, false);
  }
}

/** The mask leaves one CPU, or none: where the interrupt goes does not depend on the others. */
function oneChoice({ system }: Replay, d: IrqDesc): boolean {
  return d.affinity.weightAnd(system.life.online.bits) <= 1;
}

function clipped({ system }: Replay, list: string): string {
  return readableMask(system, list)?.toString() ?? list;
}

/** Only the trace of the boot tells whether an interrupt is managed. */
function compareManaged({ owner, system }: Replay, { name, trace }: CaptureStage, counter: Counter): void {
  const last = new Map<number, boolean>();
  for (const step of trace.steps) if (step.kind === 'alloc') last.set(step.irq, step.managed);
  for (const [irq, managed] of last) {
    const d = system.life.irqs.get(irq);
    if (!d || !owner.has(irq)) continue;
    const subject = subjectOf(owner, irq, '');
    counter.compare(name, 'managed', subject, String(hasFlags(d, IrqFlag.managed)), String(managed));
  }
}

function destinationOf({ apic, system: { enumeration } }: Replay, cpu: number): Destination {
  if (apic.mode === 'xapic-flat') return flat(cpu);
  const apicId = enumeration.cpus[cpu]?.apicId ?? 0;
  return apic.mode === 'x2apic-cluster' ? cluster(apicId) : physical(apicId);
}

const hex = (value: number): string => `0x${(value >>> 0).toString(16)}`;

/** The entry that the kernel writes for the interrupt as it is in the model. */
function predictedEntry(replay: Replay, d: IrqDesc): { vector: string; destination: string } {
  if (hasFlags(d, IrqFlag.emptyMessage)) return { vector: '0', destination: '0x0' };
  const { apic, system } = replay;
  const cpu = d.vector === 0 ? system.life.online.bits.first() : d.cpu;
  const to = destinationOf(replay, cpu);
  const message = composeMsi(system.machine.kernel, to, d.cfgVector, { extDestId: apic.extDestId });
  return { vector: String(d.cfgVector), destination: hex(message.addressLo & ~0x8) };
}

function compareTables(replay: Replay, stage: CaptureStage, counter: Counter): void {
  const { name } = stage;
  if (replay.inexact) {
    counter.skip(name, 'vectors', replay.inexact);
    return;
  }
  for (const device of replay.devices) {
    const { found } = device;
    const entries = deviceEntries(stage.tree, found.bdf, found.msix);
    found.irqs.forEach((irq, index) => {
      const d = replay.system.life.irqs.get(irq);
      const entry = entries.get(index);
      if (!d) return;
      const subject = `irq ${irq} (${found.device.name} vector ${index})`;
      if (passesUnit(replay, device)) compareTraced(replay, stage, d, subject, counter);
      else if (!entry) counter.skip(name, 'vectors', 'the capture has no MSI-X table of the device');
      else compareEntry(replay, name, d, entry, subject, counter);
    });
  }
}

function compareEntry(
  replay: Replay,
  stage: string,
  d: IrqDesc,
  entry: TableEntry,
  subject: string,
  counter: Counter,
): void {
  const { vector, destination } = predictedEntry(replay, d);
  counter.compare(stage, 'vectors', subject, vector, String(entry.data & 0xff));
  // The redirection hint of lowest-priority delivery says nothing about the target.
  counter.compare(stage, 'destinations', subject, destination, hex(entry.addressLo & ~0x8));
}

/** With remapping the table holds no vector; the trace does, where the interrupt was not moved unseen. */
function compareTraced(
  { system }: Replay,
  { name, trace, tree }: CaptureStage,
  d: IrqDesc,
  subject: string,
  counter: Counter,
): void {
  const last = trace.programmed.get(d.irq);
  const { effective } = irqFiles(tree, d.irq);
  if (!last || effective === undefined || String(last.cpu) !== effective) {
    counter.skip(name, 'vectors', 'with remapping only the trace has vectors, and it has none of this stage');
    return;
  }
  counter.compare(name, 'vectors', subject, String(d.cfgVector), String(last.vector));
  const cpu = d.vector === 0 ? system.life.online.bits.first() : d.cpu;
  counter.compare(name, 'destinations', subject, `CPU ${cpu}`, `CPU ${last.cpu}`);
}
